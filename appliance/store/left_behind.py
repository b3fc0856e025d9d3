"""Live interviews whose line is gone: found, and taken over by one line to clear up."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database, writing
from appliance.types import AttemptId, InterviewId, NumberHash


@dataclass(frozen=True, slots=True)
class Abandoned:
    """A live interview whose line is gone."""

    interview_id: InterviewId
    attempt_id: AttemptId
    number_hash: NumberHash
    questionnaire: tuple[str, int] | None
    rang_at: datetime | None
    answered_at: datetime | None
    started_at: datetime | None
    rings: int
    is_inbound: bool


_LEFT_BEHIND: Final = "state = 'live' AND (line = ? OR leased_until < ?)"
"""Of a line that is starting (so they are nobody's), or whose lease has run out."""


def abandoned(db: Database, now: datetime, line: str | None) -> list[Abandoned]:
    """Live interviews that were left behind, by `line` as well where it is starting."""
    rows = db.execute(
        f"""SELECT i.id, a.id, i.number_hash, i.questionnaire_id, i.questionnaire_version,
             a.rang_at, a.answered_at, i.started_at, i.rings, a.direction = 'in'
           FROM (SELECT * FROM interviews INDEXED BY interviews_live WHERE {_LEFT_BEHIND}) i
           JOIN attempts a ON a.interview_id = i.id AND a.ended_at IS NULL ORDER BY i.id""",
        (line, to_text(now)),
    )
    return [
        Abandoned(
            InterviewId(row[0]),
            AttemptId(row[1]),
            NumberHash(row[2]),
            None if row[3] is None else (row[3], row[4]),
            from_optional(row[5]),
            from_optional(row[6]),
            from_optional(row[7]),
            row[8],
            bool(row[9]),
        )
        for row in rows.fetchall()
    ]


def take_over(
    db: Database, interview_id: InterviewId, line: str, now: datetime, leased_until: datetime, *, starting: bool
) -> bool:
    """Lease what was left behind, to clear it up; False where another line was faster."""
    with writing(db):
        cursor = db.execute(
            f"UPDATE interviews SET line = ?, leased_until = ? WHERE id = ? AND {_LEFT_BEHIND}",
            (line, to_text(leased_until), interview_id, line if starting else None, to_text(now)),
        )
        return bool(cursor.rowcount)
