"""Spans of whole days in the municipality's own time."""

from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from appliance.store.figures import Span


class Period(StrEnum):
    """What the page can show; `week` and `month` end with today and are compared with as many days before."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"


_DAYS: Final = {Period.WEEK: 7, Period.MONTH: 28}


def _midnight(now: datetime, days: int, zone: ZoneInfo) -> datetime:
    """The local midnight that began today, moved by whole days (which may have 23 or 25 hours)."""
    return datetime.combine(now.astimezone(zone).date() + timedelta(days=days), time(), zone)


def span_of(period: Period, now: datetime, zone: ZoneInfo, first: datetime | None) -> Span:
    """The period's days up to and with today; `first` is when the oldest contact ended."""
    end = _midnight(now, 1, zone)
    if period is Period.ALL:
        return Span(_midnight(min(first or now, now), 0, zone), end)
    return Span(_midnight(now, 1 - _DAYS[period], zone), end)


def span_before(period: Period, now: datetime, zone: ZoneInfo) -> Span | None:
    """As many days just before; None where there is nothing before."""
    if period is Period.ALL:
        return None
    days = _DAYS[period]
    return Span(_midnight(now, 1 - 2 * days, zone), _midnight(now, 1 - days, zone))


def days_span(now: datetime, first: int, last: int, zone: ZoneInfo) -> Span:
    """Whole days counted from today: 0 is today, -1 is yesterday."""
    return Span(_midnight(now, first, zone), _midnight(now, last + 1, zone))


def year_span(year: int, zone: ZoneInfo) -> Span:
    return Span(datetime(year, 1, 1, tzinfo=zone), datetime(year + 1, 1, 1, tzinfo=zone))
