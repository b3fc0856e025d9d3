"""What waits to be rung, and how today's calls have gone: figures for who looks after the dialer."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database

CALLED_OFF: Final = "called_off"
"""Beside the outcomes: a call that staff stopped before any phone rang."""


@dataclass(frozen=True, slots=True)
class Waiting:
    interviews: int
    due: int
    """Of them, those that may be rung now."""
    promised: int
    """Of all, those whose citizen was promised a call."""
    next_due_at: datetime | None
    """Of those that are not due yet."""


def waiting(db: Database, now: datetime) -> Waiting:
    row = db.execute(
        """SELECT count(*), count(*) FILTER (WHERE due_at <= ?1), coalesce(sum(promised), 0),
             min(due_at) FILTER (WHERE due_at > ?1)
           FROM interviews WHERE state = 'queued'""",
        (to_text(now),),
    ).fetchone()
    return Waiting(row[0], row[1], row[2], from_optional(row[3]))


def attempts_by_outcome(db: Database, begin: datetime, end: datetime) -> dict[str, int]:
    """Our own calls begun in a span and over now, by outcome; the most frequent first."""
    rows = db.execute(
        """SELECT coalesce(outcome, ?), count(*) AS n FROM attempts
           WHERE direction = 'out' AND begun_at >= ? AND begun_at < ? AND ended_at IS NOT NULL
           GROUP BY 1 ORDER BY n DESC, 1""",
        (CALLED_OFF, to_text(begin), to_text(end)),
    )
    return dict(rows.fetchall())
