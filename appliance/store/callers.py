"""Interviews found by who calls: a citizen who missed us rings back, or is put through by the PBX."""

from datetime import datetime
from typing import Final

from appliance.store import interviews
from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database, writing
from appliance.store.interviews import LEASE_COLUMNS, Lease, NewInterview
from appliance.types import AttemptId, NumberHash, Outcome

_UNFINISHED: Final = (
    Outcome.NO_ANSWER,
    Outcome.BUSY,
    Outcome.VOICEMAIL,
    Outcome.NO_START,
    Outcome.PARTIAL,
)
"""Outcomes after which there is still something to ask."""


def is_live(db: Database, number_hash: NumberHash) -> bool:
    """Whether some line is ringing this number, or talking with it."""
    row = db.execute("SELECT 1 FROM interviews WHERE number_hash = ? AND state = 'live' LIMIT 1", (number_hash,))
    return row.fetchone() is not None


def take(
    db: Database,
    line: str,
    number_hash: NumberHash,
    number_sealed: bytes,
    now: datetime,
    leased_until: datetime,
    unfinished_since: datetime | None,
) -> Lease | None:
    """Begin an attempt with this caller's interview: one that waits, else one left unfinished since a moment, if any.

    An interview with a comment stays as it is: there is room for one.
    """
    states, values = "state = 'queued'", []
    if unfinished_since is not None:
        marks = ", ".join("?" * len(_UNFINISHED))
        states += f" OR (state IN ('over', 'expired') AND ended_at >= ? AND coalesce(outcome, ?) IN ({marks}))"
        values = [to_text(unfinished_since), Outcome.NO_ANSWER, *_UNFINISHED]
    with writing(db):
        row = db.execute(
            f"""SELECT {LEASE_COLUMNS}, CASE state WHEN 'queued' THEN due_at END FROM interviews i
               WHERE number_hash = ? AND withdrawn_at IS NULL AND ({states})
               AND NOT EXISTS (SELECT 1 FROM comments WHERE interview_id = i.id)
               ORDER BY state = 'queued' DESC, id DESC LIMIT 1""",
            (number_hash, *values),
        ).fetchone()
        if row is None:
            return None
        db.execute(
            "UPDATE interviews SET state = 'live', number_sealed = ?, outcome = NULL, ended_at = NULL WHERE id = ?",
            (number_sealed, row[0]),
        )
        return interviews.begin_attempt(db, row, line, now, leased_until, direction="in", was_due_at=row[8])


def take_new(db: Database, line: str, new: NewInterview, now: datetime, leased_until: datetime) -> Lease:
    """Begin an attempt with an interview that is made for this call."""
    with writing(db):
        interview_id = interviews.enqueue(db, new)
        row = db.execute(f"SELECT {LEASE_COLUMNS} FROM interviews WHERE id = ?", (interview_id,)).fetchone()
        return interviews.begin_attempt(db, row, line, now, leased_until, direction="in")


def was_due_at(db: Database, attempt_id: AttemptId) -> datetime | None:
    """When the interview would have been rung had its citizen not called us; None where it was not waiting."""
    return from_optional(db.execute("SELECT was_due_at FROM attempts WHERE id = ?", (attempt_id,)).fetchone()[0])
