"""When a citizen who presses 2 is rung instead: which times of day the calling hours allow, and the moment of each."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appliance.calling_time import is_open, is_working_day, next_open, opens_on
from appliance.settings import DialerSettings
from appliance.types import LaterTime

LEEWAY: Final = timedelta(minutes=15)
"""A promised call that is this late still comes within the hours and at the time of day promised."""
_OTHERWISE: Final = timedelta(hours=2)
_HOUR: Final = timedelta(hours=1)
_DAY: Final = timedelta(days=1)
_WORKING_DAY_WITHIN_DAYS: Final = 14
"""No run of holidays is longer."""

_Span = tuple[datetime, datetime]


def choices(now: datetime, dialer: DialerSettings, zone: ZoneInfo) -> tuple[LaterTime, ...]:
    """What may be offered to a citizen who is on the phone now, in the order of their keys."""
    spans = _spans(now, dialer, zone)
    return tuple(when for when in LaterTime if when in spans and _allows(spans[when], dialer, zone))


def moment(when: LaterTime | None, now: datetime, dialer: DialerSettings, zone: ZoneInfo) -> datetime:
    """When to ring whom one of the `choices` of the same `now` was promised; None: who named no time."""
    begin = now.astimezone(UTC) + _OTHERWISE if when is None else _spans(now, dialer, zone)[when][0]
    return next_open(begin, dialer, zone)


def _allows(span: _Span, dialer: DialerSettings, zone: ZoneInfo) -> bool:
    begin, end = span
    latest = next_open(begin, dialer, zone) + LEEWAY
    return latest <= end and is_open(latest, dialer, zone)


def _spans(now: datetime, dialer: DialerSettings, zone: ZoneInfo) -> dict[LaterTime, _Span]:
    """Between which moments (UTC) each time lies; the next working day is named only where tomorrow is closed."""
    now = now.astimezone(UTC)  # an hour of a clock that is put back is none
    today = now.astimezone(zone).date()
    tomorrow = today + _DAY
    spans = {
        LaterTime.IN_AN_HOUR: (now + _HOUR, now + _HOUR + 2 * LEEWAY),
        LaterTime.THIS_EVENING: (max(now + 2 * _HOUR, _at(today, 17, zone)), _at(today, 21, zone)),
        LaterTime.TOMORROW_MORNING: (_at(tomorrow, 9, zone), _at(tomorrow, 12, zone)),
        LaterTime.TOMORROW_AFTERNOON: (_at(tomorrow, 13, zone), _at(tomorrow, 17, zone)),
    }
    days = (tomorrow + number * _DAY for number in range(1, _WORKING_DAY_WITHIN_DAYS))
    working = next((day for day in days if is_working_day(day) and opens_on(day, dialer)), None)
    if working and not opens_on(tomorrow, dialer):
        spans[LaterTime.NEXT_WORKING_DAY] = (_at(working, 9, zone), _at(working, 17, zone))
    return spans


def _at(day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), zone).astimezone(UTC)
