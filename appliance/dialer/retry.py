"""Whether and when a citizen is rung again: one rule an outcome, its delay from the settings."""

from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appliance.calling_time import moment_of, next_open, spans_on
from appliance.settings import DialerSettings
from appliance.types import Outcome

_TRUNK_FAULT: Final = timedelta(minutes=2)
_MAX_TRUNK_ATTEMPTS: Final = 9
"""Over and above the rings allowed; each waits twice as long as the one before it."""
_NOBODY_THERE: Final = frozenset({Outcome.NO_ANSWER, Outcome.VOICEMAIL})
_DAYS_TO_CHOOSE_FROM: Final = 2
_HALF_HOUR_MINUTES: Final = 30
_DAY_MINUTES: Final = 24 * 60


def retry_delay(outcome: Outcome, rings: int, attempts: int, dialer: DialerSettings) -> timedelta | None:
    """How long to wait before the next try, None where there is none.

    Only real rings use tries up. A trunk fault is tried again at ever longer intervals, not for ever: a PBX that rings
    without saying so must not ring somebody every two minutes.
    """
    if rings >= dialer.max_attempts or attempts >= _MAX_TRUNK_ATTEMPTS + dialer.max_attempts:
        return None
    delays = {
        Outcome.BUSY: timedelta(minutes=dialer.busy_again_minutes),
        Outcome.NO_ANSWER: timedelta(minutes=dialer.no_answer_again_minutes),
        Outcome.VOICEMAIL: timedelta(minutes=dialer.voicemail_again_minutes),
        Outcome.TRUNK_FAULT: _TRUNK_FAULT * 2 ** (attempts - 1),
    }
    return delays.get(outcome)


def next_try(
    outcome: Outcome, tried_at: datetime, delay: timedelta, latest_at: datetime, dialer: DialerSettings, zone: ZoneInfo
) -> datetime:
    """The first moment that is open after the delay.

    Where that is another day and nobody was there, it is another time of day: of that moment, of when each span of the
    hours begins and of when half of it is over, what lies furthest from the hour tried; the day after where all lie
    within half an hour of it. What would be too late is no choice.
    """
    due_at = next_open(tried_at + delay, dialer, zone)
    tried = tried_at.astimezone(zone)
    if outcome not in _NOBODY_THERE or due_at.astimezone(zone).date() == tried.date():
        return due_at
    opens_at = due_at
    for _ in range(_DAYS_TO_CHOOSE_FROM):
        day = opens_at.astimezone(zone).date()
        minutes = [minute for begin, end in spans_on(day, dialer) for minute in (begin, (begin + end) // 2)]
        moments = [opens_at, *(moment_of(day, minute, zone) for minute in minutes)]
        possible = [moment for moment in moments if opens_at <= moment <= latest_at]
        best = max(possible, key=lambda moment: _minutes_apart(moment.astimezone(zone), tried), default=due_at)
        if _minutes_apart(best.astimezone(zone), tried) >= _HALF_HOUR_MINUTES:
            return best
        opens_at = next_open(moment_of(day + timedelta(days=1), 0, zone), dialer, zone)
    return due_at


def _minutes_apart(one: datetime, other: datetime) -> int:
    """Of two local times of day, the shorter way round."""
    apart = abs((one.hour - other.hour) * 60 + one.minute - other.minute)
    return min(apart, _DAY_MINUTES - apart)
