"""What citizens were promised who asked to be rung at another time: when their interview is due again."""

from datetime import datetime, timedelta
from typing import Final

from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing
from appliance.types import AttemptId, InterviewId, Outcome

_NEVER_SO_FAR_AHEAD: Final = timedelta(days=31)
"""Nothing is due as late as this, unless a wrong clock has said so."""
_STANDS: Final = timedelta(days=4)
"""What was due then may still be rung so long: over a weekend."""


def give(db: Database, interview_id: InterviewId, due_at: datetime, latest_at: datetime) -> None:
    """Let a live interview be due at a moment, then before all others, and not be too late before `latest_at`.

    One that was withdrawn is not due again, whatever is asked for.
    """
    with writing(db):
        db.execute(
            """UPDATE interviews SET promised = 1, due_at = ?, latest_at = max(latest_at, ?)
               WHERE id = ? AND state = 'live' AND withdrawn_at IS NULL""",
            (to_text(due_at), to_text(latest_at), interview_id),
        )


def given_in(db: Database, attempt_id: AttemptId) -> datetime | None:
    """The moment that was promised in an attempt, if one was: its interview had been due when it was begun."""
    row = db.execute(
        "SELECT due_at FROM interviews i JOIN attempts a ON a.interview_id = i.id AND a.begun_at < i.due_at "
        "WHERE a.id = ?",
        (attempt_id,),
    ).fetchone()
    return from_text(row[0]) if row else None


def bring_back(db: Database, now: datetime) -> None:
    """By a clock that is believed: what a wrong one has put off far beyond all promises is due now, not for long."""
    with writing(db):
        db.execute(
            """UPDATE interviews INDEXED BY interviews_due SET due_at = ?, latest_at = min(latest_at, ?)
               WHERE state IN ('queued', 'live') AND due_at > ?""",
            (to_text(now), to_text(now + _STANDS), to_text(now + _NEVER_SO_FAR_AHEAD)),
        )


def to_keep(db: Database) -> dict[InterviewId, AttemptId]:
    """Interviews that wait although a citizen had answered the phone, who asked for it in this attempt."""
    rows = db.execute(
        """SELECT i.id, max(a.id) FROM interviews i INDEXED BY interviews_queued_until
           CROSS JOIN attempts a ON a.interview_id = i.id
           WHERE i.state = 'queued' AND a.outcome IN (?, ?) GROUP BY i.id""",
        (Outcome.NO_START, Outcome.PARTIAL),
    )
    return {InterviewId(interview_id): AttemptId(attempt_id) for interview_id, attempt_id in rows.fetchall()}
