"""What the trunk and the citizens bear: so many calls at a time, so many a minute, one call a number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from appliance.store import dialing, trunk
from appliance.store.clock import to_text
from appliance.store.database import Database
from appliance.store.dialing import DialingState
from appliance.types import InterviewId

_MINUTE: Final = timedelta(minutes=1)
_SECOND: Final = timedelta(seconds=1)
_HEARD_LATELY: Final = timedelta(minutes=1)
"""What a process has said of its calls counts this long after its last beat."""


class Hindrance(StrEnum):
    """Why a call has to wait."""

    PAUSED = "staff have paused dialing"
    STOPPED = "staff have stopped dialing"
    TRUNK_FULL = "all calls that the trunk allows are in use"
    NUMBER_IN_CALL = "the number is in another call of ours"
    TRUNK_PAUSED = "the trunk is at fault"
    TOO_SOON = "enough calls were begun within the last minute"


_HELD: Final = {DialingState.PAUSED: Hindrance.PAUSED, DialingState.STOPPED: Hindrance.STOPPED}


@dataclass(frozen=True, slots=True)
class Limits:
    """Over all processes of the box; as delivered the widest that the settings know."""

    trunk_calls: int = 4096
    """At a time, both ways."""
    calls_per_minute: int = 6_000
    """Begun by us in any minute."""
    number_rest: timedelta = timedelta(minutes=10)
    """From the end of a call that rang until another interview may ring the same number."""

    @property
    def calls_per_second(self) -> int:
        """Twice the even pace, so that a minute's calls never come in one burst."""
        return -(-self.calls_per_minute // 30)


_ITS_NUMBER_IS_FREE: Final = """NOT EXISTS (
  SELECT 1 FROM interviews other WHERE other.number_hash = i.number_hash AND other.id <> i.id
    AND (other.state = 'live' OR EXISTS (
      SELECT 1 FROM attempts WHERE interview_id = other.id AND rang_at IS NOT NULL AND ended_at BETWEEN ? AND ?)))"""
"""Of an interview `i`: no other one's call with its number is live, or has rung and ended between two moments."""
NEXT_DUE: Final = f"""SELECT id FROM interviews i WHERE state = 'queued' AND promised = ? AND due_at <= ?
  AND {_ITS_NUMBER_IS_FREE} ORDER BY due_at LIMIT 1"""
"""Of those whose citizen was promised a call, or of the others."""


def choose(db: Database, limits: Limits, now: datetime, only: InterviewId | None) -> InterviewId | None:
    """The interview to ring now, or just `only`, due or not; None where all have to wait.

    Who was promised a call goes before all others, however long those have waited; then the most overdue.
    """
    if only is not None:
        wanted = db.execute("SELECT 1 FROM interviews WHERE id = ? AND state = 'queued'", (only,)).fetchone()
        return only if wanted and hindrance_of(db, limits, only, now) is None else None
    if hindrance(db, limits, now) is not None:
        return None
    # A rest that seems to lie ahead is of a clock that was set back: not longer than the rest itself.
    resting = (to_text(now - limits.number_rest), to_text(now + limits.number_rest))
    for promised in (1, 0):
        if row := db.execute(NEXT_DUE, (promised, to_text(now), *resting)).fetchone():
            return InterviewId(row[0])
    return None


def hindrance(db: Database, limits: Limits, now: datetime) -> Hindrance | None:
    """Why no call at all may begin now, None where one may."""
    if held := _HELD.get(dialing.current(db).state):
        return held
    if live_calls(db, now) >= limits.trunk_calls:
        return Hindrance.TRUNK_FULL
    if trunk.is_paused(db, now):
        return Hindrance.TRUNK_PAUSED
    in_minute, in_second = _begun_lately(db, now)
    if in_minute >= limits.calls_per_minute or in_second >= limits.calls_per_second:
        return Hindrance.TOO_SOON
    return None


def hindrance_of(db: Database, limits: Limits, interview_id: InterviewId, now: datetime) -> Hindrance | None:
    """Why staff's own call may not begin now: it keeps no pace, and is made through a pause and a trunk at fault."""
    if dialing.current(db).state is DialingState.STOPPED:
        return Hindrance.STOPPED
    if live_calls(db, now) >= limits.trunk_calls:
        return Hindrance.TRUNK_FULL
    in_call = db.execute(
        """SELECT 1 FROM interviews i JOIN interviews other ON other.number_hash = i.number_hash
           WHERE i.id = ? AND other.id <> i.id AND other.state = 'live'""",
        (interview_id,),
    )
    return Hindrance.NUMBER_IN_CALL if in_call.fetchone() else None


def live_calls(db: Database, now: datetime) -> int:
    """How many calls the trunk carries for us, both ways: interviews, and callers who have none."""
    interviews = db.execute("SELECT count(*) FROM interviews WHERE state = 'live'").fetchone()[0]
    others = db.execute(
        "SELECT coalesce(sum(other_calls), 0) FROM processes WHERE beat_at > ?", (to_text(now - _HEARD_LATELY),)
    ).fetchone()[0]
    return int(interviews) + int(others)


def _begun_lately(db: Database, now: datetime) -> tuple[int, int]:
    """Calls that we have begun in the last minute and in the last second; a clock set back counts a minute ahead."""
    row = db.execute(
        """SELECT count(*), count(*) FILTER (WHERE begun_at > ?) FROM attempts
           WHERE direction = 'out' AND begun_at > ? AND begun_at <= ?""",
        (to_text(now - _SECOND), to_text(now - _MINUTE), to_text(now + _MINUTE)),
    ).fetchone()
    return row[0], row[1]
