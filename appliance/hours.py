"""Calling hours of a week: {"mon-fri": "09:00-20:00"} as spans of minutes for each weekday."""

import re
from typing import Final

WeekHours = tuple[tuple[tuple[int, int], ...], ...]
"""Seven weekdays from Monday, each with spans (first minute, minute after the last), 0–1440."""

_DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def parse_week_hours(table: dict[str, str]) -> WeekHours:
    """Spans by weekday from a table of days and hours; ValueError says which entry is wrong."""
    week: list[list[tuple[int, int]]] = [[] for _ in _DAYS]
    for days, spans in table.items():
        for day in _parse_days(days):
            week[day] += [_span_of(days, span) for span in str(spans).split(",")]
    return tuple(tuple(sorted(spans)) for spans in week)


def _parse_days(text: str) -> range:
    first, dash, last = text.strip().lower().partition("-")
    if first not in _DAYS or (dash and last not in _DAYS):
        raise ValueError(f'"{text}" is no day; write mon, sat or mon-fri')
    days = range(_DAYS.index(first), _DAYS.index(last or first) + 1)
    if not days:
        raise ValueError(f'"{text}" runs backwards')
    return days


def parse_span(text: str) -> tuple[int, int]:
    """First minute of the day and the minute after the last of "09:00-20:00"; ValueError where it is no such span."""
    match = re.fullmatch(r"\s*(\d{1,2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2})\s*", text)
    if match:
        begin, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
        if begin < end <= 1440 and int(match[2]) < 60 and int(match[4]) < 60:
            return begin, end
    raise ValueError(f'"{text}" is no time span; write 09:00-20:00')


def _span_of(days: str, text: str) -> tuple[int, int]:
    try:
        return parse_span(text)
    except ValueError as error:
        raise ValueError(str(error).replace(" is no", f" for {days} is no", 1)) from None
