"""When the phone may ring: by weekday and local time, never on holidays and their eves. Closed when in doubt."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

from appliance.settings import DialerSettings

_SATURDAY: Final = 5
_DAY_MINUTES: Final = 24 * 60
_SEARCH_DAYS: Final = 35
"""Further than the holidays can keep any one weekday closed."""


def is_open(moment: datetime, dialer: DialerSettings, zone: ZoneInfo) -> bool:
    """Whether a citizen may be rung at this moment."""
    local = moment.astimezone(zone)
    minute = local.hour * 60 + local.minute
    return any(begin <= minute < end for begin, end in spans_on(local.date(), dialer))


def next_open(moment: datetime, dialer: DialerSettings, zone: ZoneInfo) -> datetime:
    """The moment itself where it is open, else the next opening; five weeks on where there is none."""
    if is_open(moment, dialer, zone):
        return moment
    first = moment.astimezone(zone).date()
    for day in (first + timedelta(days=n) for n in range(_SEARCH_DAYS)):
        for begin, _ in spans_on(day, dialer):
            opening = moment_of(day, begin, zone)
            if opening >= moment and is_open(opening, dialer, zone):  # summer time may skip it
                return opening
    return moment + timedelta(days=_SEARCH_DAYS)


def moment_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """A minute of a day (0–1439) by the citizen's clock, in UTC; one that summer time skips is an hour later."""
    return datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone).astimezone(UTC)


def never_closes(dialer: DialerSettings) -> bool:
    """Whether any moment is open, so that it does not matter what the clock says."""
    return dialer.holidays and all(spans == ((0, _DAY_MINUTES),) for spans in dialer.hours)


def opens_on(day: date, dialer: DialerSettings) -> bool:
    """Whether a citizen may be rung at any time of this day."""
    return bool(spans_on(day, dialer))


def is_working_day(day: date) -> bool:
    """Whether it is a day from Monday to Friday, no holiday and no eve."""
    return day.weekday() < _SATURDAY and day not in _red_days(day.year)


def spans_on(day: date, dialer: DialerSettings) -> tuple[tuple[int, int], ...]:
    """The hours of a day: first minute and minute after the last of each span, by the citizen's clock."""
    if not dialer.holidays and day in _red_days(day.year):
        return ()
    return dialer.hours[day.weekday()]


@lru_cache(maxsize=8)
def _red_days(year: int) -> frozenset[date]:
    """Public holidays and the day before each; Sundays have their own hours."""
    days = holidays.country_holidays("SE", years=(year, year + 1), include_sundays=False)
    return frozenset(days) | {day - timedelta(days=1) for day in days}
