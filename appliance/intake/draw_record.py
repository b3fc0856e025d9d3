"""A day's draw out of the store: audited, or written down for an auditor of one's own."""

import csv
import json
from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache, partial
from io import StringIO
from typing import Final

from appliance.errors import IntakeError
from appliance.intake.audit import Audit, audit
from appliance.intake.policy import of_version
from appliance.store import Database, draws
from appliance.store.draws import DrawDay, Recorded

COLUMNS: Final = (
    *("sequence", "source", "call_id", "queue", "reason", "share", "policy", "policy_digest", "was_reason"),
    "digest",
)


def open_day(db: Database, day: date) -> DrawDay:
    """The day with its seed; IntakeError where it has none, or was drawn before decisions were recorded."""
    found = draws.day_of(db, day)
    if found is None:
        raise IntakeError(f"{day}: no seed was made for this day: nobody was drawn")
    if found.made_at is None and not found.decisions:
        raise IntakeError(
            f"{day}: drawn by version 0.2.0 or older, which kept no record to verify; later days have one"
        )
    return found


def audit_day(db: Database, day: date, seed: bytes | None = None) -> tuple[DrawDay, Audit]:
    """Every decision of the day made again; all of it as it stood at one moment."""
    with db.atomic():
        found = open_day(db, day)
        return found, audit(found, draws.entries_of(db, day), cache(partial(of_version, db)), seed)


def as_csv(recorded: Iterable[Recorded]) -> Iterator[str]:
    """Lines with all that an auditor needs to draw and to chain again (README.md); no number is among it."""
    yield _line(COLUMNS)
    for one in recorded:
        entry = one.entry
        share = "" if entry.share is None else json.dumps(entry.share)
        before = (entry.sequence, entry.source, entry.source_call_id, entry.queue, entry.reason.value, share)
        yield _line((*before, entry.policy_id, entry.policy_digest, entry.was_reason or "", one.digest.hex()))


def _line(fields: Iterable[object]) -> str:
    text = StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue()
