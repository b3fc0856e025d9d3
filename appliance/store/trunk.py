"""The trunk's health, one row for all processes: a trunk that is at fault is left alone for a while as a whole."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.store.clock import from_optional, from_text, to_text
from appliance.store.database import Database, writing
from appliance.types import AttemptId, InterviewId, Outcome

_LONGEST_PAUSE: Final = timedelta(minutes=10)
"""A pause that seems longer is a clock that was set back."""
_PROBE: Final = timedelta(minutes=2)
"""Within this a single call shows whether the trunk works again."""

_REFUSED: Final = "+direction = 'out' AND rang_at IS NULL AND sip_status IS NOT NULL AND outcome = ?"
_GOT_THROUGH: Final = """+direction = 'out' AND rang_at IS NOT NULL
  AND (ended_at IS NULL OR answered_at IS NOT NULL OR sip_status IS NOT NULL)"""
"""A call that a crash has ended may only be thought to have rung. The plus: nearly all calls are ours, so an index on
the direction would find them all; the latest are wanted, and are looked through one by one."""


@dataclass(frozen=True, slots=True)
class TrunkFault:
    """What is known of a trunk that is at fault."""

    faults: int
    """Calls in a row that failed, each tried after the one before it had failed."""
    since: datetime
    paused_until: datetime
    sip_status: int | None
    """The last answer; None where there was none."""


def fault(db: Database) -> TrunkFault | None:
    """None while the trunk works."""
    row = db.execute("SELECT faults, since, paused_until, sip_status FROM trunk WHERE faults > 0").fetchone()
    return TrunkFault(row[0], from_text(row[1]), from_text(row[2]), row[3]) if row else None


def is_paused(db: Database, now: datetime) -> bool:
    row = db.execute(
        "SELECT 1 FROM trunk WHERE paused_until > ? AND paused_until <= ?",
        (to_text(now), to_text(now + _LONGEST_PAUSE)),
    )
    return row.fetchone() is not None


def begin_probe(db: Database, now: datetime) -> None:
    """A call begins: where the trunk was at fault, all others wait until it has been heard what becomes of this one."""
    db.execute("UPDATE trunk SET paused_until = ? WHERE faults > 0", (to_text(now + _PROBE),))


def end_probe(db: Database, attempt_id: AttemptId, now: datetime) -> None:
    """Nothing became of the call: where it was the probe, another may be; a pause that came since stands."""
    begun_at = db.execute("SELECT begun_at FROM attempts WHERE id = ?", (attempt_id,)).fetchone()[0]
    until = to_text(from_text(begun_at) + _PROBE)
    db.execute("UPDATE trunk SET paused_until = ? WHERE faults > 0 AND paused_until = ?", (to_text(now), until))


def note_success(db: Database, attempt_id: AttemptId) -> None:
    """A call of ours has got through to somebody's telephone: the trunk works."""
    if fault(db):
        with writing(db):
            db.execute(
                f"""UPDATE trunk SET faults = 0, since = NULL, faulted_at = NULL, paused_until = NULL, sip_status = NULL
                    WHERE EXISTS (SELECT 1 FROM attempts WHERE id = ? AND {_GOT_THROUGH})""",
                (attempt_id,),
            )


def note_fault(
    db: Database, attempt_id: AttemptId, sip_status: int | None, now: datetime, pause: Callable[[int], timedelta]
) -> TrunkFault:
    """A call of ours has failed at the trunk; `pause` says how long to wait after so many faults.

    Calls that were under way together fail together: they are one fault.
    """
    with writing(db):
        faults, faulted_at = db.execute("SELECT faults, faulted_at FROM trunk").fetchone()
        begun_at = db.execute("SELECT begun_at FROM attempts WHERE id = ?", (attempt_id,)).fetchone()[0]
        if from_optional(faulted_at) is None or begun_at >= faulted_at:
            db.execute(
                """UPDATE trunk SET faults = faults + 1, since = coalesce(since, ?), faulted_at = ?, paused_until = ?,
                     sip_status = ?""",
                (to_text(now), to_text(now), to_text(now + pause(faults + 1)), sip_status),
            )
        found = fault(db)
        assert found is not None
        return found


def reached_nobody(db: Database, attempt_id: AttemptId) -> bool:
    """Whether this was a call of ours that has come to nobody's telephone."""
    row = db.execute("SELECT 1 FROM attempts WHERE id = ? AND direction = 'out' AND rang_at IS NULL", (attempt_id,))
    return row.fetchone() is not None


def numbers_refused_in_a_row(db: Database) -> int:
    """How many different numbers the trunk has called bad since a call last got through."""
    row = db.execute(
        f"""SELECT count(DISTINCT number_hash) FROM attempts a CROSS JOIN interviews i ON i.id = a.interview_id
            WHERE {_REFUSED.replace("outcome", "a.outcome")} AND a.id > coalesce(
              (SELECT id FROM attempts WHERE {_GOT_THROUGH} ORDER BY id DESC LIMIT 1), 0)""",
        (Outcome.BAD_NUMBER,),
    ).fetchone()
    return int(row[0])


def refused_before_the_trunk_proved_well(db: Database, interview_id: InterviewId, attempt_id: AttemptId) -> bool:
    """Whether this interview's number was called bad in an earlier attempt, and then a call to its like got through."""
    row = db.execute(
        f"""SELECT 1 FROM attempts refused WHERE interview_id = ? AND id < ? AND {_REFUSED} AND EXISTS (
              SELECT 1 FROM attempts WHERE id > refused.id AND leading = refused.leading AND {_GOT_THROUGH}) LIMIT 1""",
        (interview_id, attempt_id, Outcome.BAD_NUMBER),
    )
    return row.fetchone() is not None


def note_leading(db: Database, attempt_id: AttemptId, leading: str) -> None:
    """How the number that is now rung begins: a PBX may let out only some kinds of numbers."""
    with writing(db):
        db.execute("UPDATE attempts SET leading = ? WHERE id = ?", (leading, attempt_id))


def refused_beginnings(db: Database, since: datetime, numbers: int) -> list[str]:
    """Beginnings of which at least so many different numbers were called bad since a moment, and none got through."""
    rows = db.execute(
        f"""SELECT leading FROM attempts a JOIN interviews i ON i.id = a.interview_id
            WHERE a.begun_at >= ? AND direction = 'out' AND leading <> ''
            GROUP BY leading
            HAVING count(DISTINCT CASE WHEN {_REFUSED.replace("outcome", "a.outcome")} THEN number_hash END) >= ?
               AND sum({_GOT_THROUGH.replace("ended_at", "a.ended_at")}) = 0
            ORDER BY leading""",
        (to_text(since), Outcome.BAD_NUMBER, numbers),
    )
    return [row[0] for row in rows.fetchall()]
