"""What a column's values can be: moments, durations, telephone numbers, and in which formats."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from appliance.intake.moments import Clock
from appliance.intake.record import UnreadableError
from appliance.intake.times import Duration
from appliance.numbers import read_number

_DATES: Final = ("%Y{0}%m{0}%d", "%d{0}%m{0}%Y", "%m{0}%d{0}%Y", "%y{0}%m{0}%d", "%d{0}%m{0}%y", "%m{0}%d{0}%y")
DATES: Final = tuple(date.format(by) for by in ("-", "/", ".", "") for date in _DATES)
CLOCKS: Final = ("%H:%M:%S", "%H:%M", "%H.%M.%S", "%H.%M", "%H%M%S", "%H%M", "%I:%M:%S %p", "%I:%M %p", "%H:%M:%S.%f")
_JOINED: Final = tuple(f"{date}{by}{clock}" for date in DATES for by in (" ", "T", ", ") for clock in CLOCKS)
_COMPACT: Final = tuple(f"{date}{clock}" for date in (*DATES[-6:], "%m%d", "%d%m") for clock in ("%H%M%S", "%H%M"))
_BETWEEN: Final = re.compile(r"%\w|T|\w")
"""Of a format and a moment all but what stands between the figures."""
_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d.*|\d{8}T\d{4,6}.*")
_OLDEST_DAYS: Final = 10 * 366
_LONG_SECONDS: Final = 10_800
"""Half of all calls are shorter; and half of them are longer than a second."""
_PADDED: Final = {"hhmmss": 6, "hmmss": 5, "hmmt": 4}
_SECOND_MS: Final = 1000
_DURATIONS: Final = ("seconds", "milliseconds", "h:mm:ss", "m:ss", "hhmmss", "hmmss", "hmmt")
_OUTSIDE_DIGITS: Final = 8
_OUTSIDE: Final = re.compile(r"\+|0|46")
"""How such a number begins; a duration in milliseconds does not."""
_MOSTLY: Final = 0.6
_TELEPHONE: Final = re.compile(r"\+?[\d\s()/.\-]{3,24}")


def moment_formats(values: Sequence[str], now: datetime, zone: ZoneInfo) -> list[str]:
    """Formats in which every value is a moment of the last years, with a time of day."""
    if not any(values):
        return []
    if all(_ISO.fullmatch(value) for value in values if value):
        return _fitting(values, ("iso",), now, zone)
    return _fitting(values, ("epoch", *_JOINED, *_COMPACT), now, zone)


def date_formats(values: Sequence[str], now: datetime, zone: ZoneInfo) -> list[str]:
    """Formats in which every value is a day."""
    return _fitting(values, DATES, now, zone) if any(values) else []


def pair_formats(days: Sequence[str], times: Sequence[str], now: datetime, zone: ZoneInfo) -> list[str]:
    """Formats in which a column of days and one of times of day are moments together."""
    both = [f"{day} {time}".strip() for day, time in zip(days, times, strict=True)]
    dates, clocks = date_formats(days, now, zone), clock_formats(times, now, zone)
    return _fitting(both, [f"{date} {clock}" for date in dates for clock in clocks], now, zone)


def clock_formats(values: Sequence[str], now: datetime, zone: ZoneInfo) -> list[str]:
    """Formats in which every value is a time of day."""
    day = f"{now.astimezone(zone) - timedelta(days=2):%Y-%m-%d}"
    dated = [f"{day} {value}" if value else "" for value in values]
    found = _fitting(dated, [f"%Y-%m-%d {clock}" for clock in CLOCKS], now, zone) if any(values) else []
    return [clock.removeprefix("%Y-%m-%d ") for clock in found]


def _fitting(values: Sequence[str], formats: Iterable[str], now: datetime, zone: ZoneInfo) -> list[str]:
    oldest, filled = now - timedelta(days=_OLDEST_DAYS), set(filter(None, values))
    between = {_BETWEEN.sub("", value) for value in filled}
    possible = (each for each in formats if each in {"iso", "epoch"} or between == {_BETWEEN.sub("", each)})
    return [each for each in possible if _fits(Clock(each, zone), filled, oldest, now)]


def _fits(clock: Clock, values: set[str], oldest: datetime, now: datetime) -> bool:
    try:
        return all(clock.read(value, now) >= oldest for value in values)
    except (ValueError, OverflowError, UnreadableError):
        return False


def duration_formats(values: Sequence[str], now: datetime, zone: ZoneInfo) -> list[str]:
    """Formats in which every value is a duration that a call can have."""
    filled = [value for value in values if value]
    widths = {len(value) for value in filled}
    is_padded = len(widths) == 1 and any(value.startswith("0") for value in filled)
    found = [
        each
        for each in _DURATIONS
        if filled
        and (each not in _PADDED or (is_padded and widths == {_PADDED[each]}))
        and _are_durations(filled, each, now, zone)
    ]
    if {"seconds", "milliseconds"} <= set(found):
        middle = median([int(value) for value in filled if value.strip("0")] or [0])
        found = (
            [each for each in found if each != ("seconds" if middle > _LONG_SECONDS else "milliseconds")]
            if (middle > _LONG_SECONDS or middle < _SECOND_MS)
            else found
        )
    return found


def _are_durations(values: Sequence[str], written: str, now: datetime, zone: ZoneInfo) -> bool:
    duration, clock = Duration.model_validate({"columns": ("x",), "format": written}), Clock("iso", zone)
    try:
        return all(duration.seconds({"x": value}, clock, now) >= 0 for value in values)
    except UnreadableError:
        return False


def has_numbers(values: Sequence[str]) -> bool:
    """Whether some value is a Swedish subscriber's number, with or without something before it."""
    return bool(access_digits(values))


def access_digits(values: Sequence[str]) -> list[str]:
    """What may stand before every outside number: digits, or nothing; none at all where no value is such a number.

    Of those that give the same numbers only the shortest.
    """
    outside = [
        value for value in values if _TELEPHONE.fullmatch(value) and len(re.sub(r"\D", "", value)) >= _OUTSIDE_DIGITS
    ]
    begins = {"", *(value[:length] for value in outside for length in (1, 2) if value[:length].isdigit())}
    read = {begin: tuple(_e164(value, begin) for value in outside) for begin in sorted(begins, key=len, reverse=True)}
    most = max((_count(numbers) for numbers in read.values()), default=0)
    if not most or most < _MOSTLY * len(outside):
        return []
    return sorted({numbers: begin for begin, numbers in read.items() if _count(numbers) == most}.values(), key=len)


def _e164(value: str, begin: str) -> str | None:
    number = value.removeprefix(begin)
    return read_number(number).e164 if value.startswith(begin) and _OUTSIDE.match(number) else None


def _count(numbers: Iterable[str | None]) -> int:
    return sum(number is not None for number in numbers)
