"""The selection policy in force: the configuration file's, with what staff have changed on the page."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from appliance.intake.withdrawal import withdraw_denied
from appliance.settings import SelectionPolicy, Settings
from appliance.store import Database, policies, writing

BY_FILE: Final = "efterklang.toml"


def current(db: Database, settings: Settings) -> SelectionPolicy:
    """The policy as it stands, for reading: nothing is written."""
    return _with(settings, changes_of(db))


def of_version(db: Database, policy_id: int) -> SelectionPolicy | None:
    """The policy as it was in one of its versions; None where there is no such version, or it says what none can."""
    version = policies.by_id(db, policy_id)
    try:
        return SelectionPolicy.model_validate_json(version.content) if version else None
    except ValidationError:
        return None


def changes_of(db: Database) -> dict[str, Any]:
    """What staff have changed, by setting, as against the configuration file."""
    last = policies.latest(db)
    found: dict[str, Any] = json.loads(last.changes) if last else {}
    return found


def in_force(db: Database, settings: Settings, now: datetime) -> tuple[int, SelectionPolicy]:
    """The policy and its version; a change of the file becomes a version of its own here."""
    last = policies.latest(db)
    policy = _with(settings, json.loads(last.changes) if last else {})
    if last and last.content == policy.model_dump_json():
        return last.id, policy
    return _put_in_force(db, settings, policy, last.changes if last else "{}", BY_FILE, now), policy


def change(db: Database, settings: Settings, changes: Mapping[str, Any], changed_by: str, now: datetime) -> None:
    """Change the file's policy so, and no longer as before. ValidationError where a value is impossible."""
    policy = _with(settings, changes)
    with writing(db):
        in_force(db, settings, now)  # what stood until now is on record
        _put_in_force(db, settings, policy, json.dumps(dict(changes), ensure_ascii=False), changed_by, now)


def _put_in_force(
    db: Database, settings: Settings, policy: SelectionPolicy, changes: str, changed_by: str, now: datetime
) -> int:
    """The new version's id; whom it denies is not rung any more."""
    today = now.astimezone(ZoneInfo(settings.municipality.time_zone)).date()
    with writing(db):
        policy_id = policies.add(db, policy.model_dump_json(), changes, changed_by, now)
        withdraw_denied(db, policy, today, now)
    return policy_id


def _with(settings: Settings, changes: Mapping[str, Any]) -> SelectionPolicy:
    return SelectionPolicy.model_validate({**settings.selection().model_dump(), **changes})
