"""The selection policy in force: the configuration file's, with what staff have changed on the page.

Every process reads the file when it starts, so two of them may know it differently. What it says is what the intake
has read: a change of it comes into force when the intake starts again, and all others go by the newest version.
"""

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
    return _with(of_file(db, settings), changes_of(db))


def of_file(db: Database, settings: Settings) -> SelectionPolicy:
    """What the configuration file says without staff's changes; by our own reading where the intake has none yet."""
    last = policies.latest(db)
    return (_read(last.file) if last else None) or settings.selection()


def of_version(db: Database, policy_id: int) -> SelectionPolicy | None:
    """The policy as it was in one of its versions; None where there is no such version, or it says what none can."""
    version = policies.by_id(db, policy_id)
    return _read(version.content) if version else None


def changes_of(db: Database) -> dict[str, Any]:
    """What staff have changed, by setting, as against the configuration file."""
    last = policies.latest(db)
    found: dict[str, Any] = json.loads(last.changes) if last else {}
    return found


def in_force(db: Database, settings: Settings, now: datetime, *, adopts: bool) -> tuple[int, SelectionPolicy]:
    """The policy and its version; for whoever adopts the file a change of it becomes a version of its own."""
    last = policies.latest(db)
    file = settings.selection() if adopts else of_file(db, settings)
    policy = _with(file, json.loads(last.changes) if last else {})
    if last and (last.content, last.file) == (policy.model_dump_json(), file.model_dump_json()):
        return last.id, policy
    return _put_in_force(db, settings, file, last.changes if last else "{}", BY_FILE, now), policy


def change(db: Database, settings: Settings, changes: Mapping[str, Any], changed_by: str, now: datetime) -> None:
    """Change the file's policy so, and no longer as before. ValidationError where a value is impossible."""
    with writing(db):
        in_force(db, settings, now, adopts=False)  # what stood until now is on record
        file = of_file(db, settings)
        _put_in_force(db, settings, file, json.dumps(dict(changes), ensure_ascii=False), changed_by, now)


def _put_in_force(
    db: Database, settings: Settings, file: SelectionPolicy, changes: str, changed_by: str, now: datetime
) -> int:
    """The new version's id; whom it denies is not rung any more."""
    policy = _with(file, json.loads(changes))
    today = now.astimezone(ZoneInfo(settings.municipality.time_zone)).date()
    with writing(db):
        policy_id = policies.add(db, policy.model_dump_json(), changes, file.model_dump_json(), changed_by, now)
        withdraw_denied(db, policy, today, now)
    return policy_id


def _with(file: SelectionPolicy, changes: Mapping[str, Any]) -> SelectionPolicy:
    return SelectionPolicy.model_validate({**file.model_dump(), **changes})


def _read(written: str) -> SelectionPolicy | None:
    try:
        return SelectionPolicy.model_validate_json(written)
    except ValidationError:
        return None
