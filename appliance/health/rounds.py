"""Go the round of all checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Final

from appliance.errors import StoreError
from appliance.health.checks import (
    accounts,
    call_records,
    clock,
    comments,
    configuration,
    database,
    dialing,
    hearing,
    http_inbox,
    inbox,
    lost_comments,
    master_key,
    memory,
    models,
    opt_outs,
    pbx_address,
    platform,
    processes,
    prompts,
    queues,
    scheduled,
    storage,
    swap,
    telephony_wheel,
    trunk,
    web_address,
)
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.settings import Settings
from appliance.store import database_path, open_store

_CHECKS: Final = (
    platform,
    configuration,
    pbx_address,
    telephony_wheel,
    trunk,
    storage,
    memory,
    swap,
    database,
    master_key,
    opt_outs,
    models,
    prompts,
    scheduled,
    processes,
    call_records,
    inbox,
    queues,
    dialing,
    comments,
    lost_comments,
    hearing,
    accounts,
    web_address,
    http_inbox,
    clock,
)
_SECONDS_LONG: Final = (database, models)
"""They read every byte of large files: not at every look at a page."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One check's result; no issues: all is well."""

    check: str
    title: str
    issues: tuple[Issue, ...]
    note: str = ""
    """What was seen, where that is worth a word even if all is well."""

    @property
    def failed(self) -> bool:
        return any(issue.severity is Severity.ERROR for issue in self.issues)


def run_checks(settings: Settings, now: datetime, config: Path | None = None, *, quick: bool = False) -> list[Checked]:
    """Every check's result, in the order in which a box is set up; `quick` leaves out what reads large files."""
    context = _context(settings, now, config)
    try:
        return [_run(check, context) for check in _CHECKS if not (quick and check in _SECONDS_LONG)]
    finally:
        if context.db is not None:
            context.db.close()


def _context(settings: Settings, now: datetime, config: Path | None) -> Context:
    """Look into a store that is there; a look makes none."""
    directory = settings.storage.directory
    try:
        db = open_store(directory) if database_path(directory).exists() else None
    except (StoreError, OSError) as error:
        return Context(settings, now, config, None, f"{error}")
    return Context(settings, now, config, db)


def _run(check: ModuleType, context: Context) -> Checked:
    name = check.__name__.rpartition(".")[2]
    found: Sequence[Issue | str]
    try:
        found = tuple(check.run(context))
    except Exception as error:  # noqa: BLE001 -- a check that falls is a finding; the others are made
        todo = "mend the errors, then run this again as the service's user"
        found = (Issue(name, Severity.UNKNOWN, f"could not be looked at: {error}", check.TITLE, todo),)
    issues = tuple(each for each in found if isinstance(each, Issue))
    return Checked(name, check.TITLE, issues, "; ".join(each for each in found if isinstance(each, str)))
