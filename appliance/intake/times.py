"""When a contact ended, and how long it waited and talked, as columns say it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from appliance.intake.layouts import Column, Row, joined, value
from appliance.intake.moments import CLOCKS_DIFFER, Clock
from appliance.intake.record import UnreadableError
from appliance.settings.section import Section

_DAY_SECONDS: Final = 86_400
_DurationFormat = Literal["seconds", "milliseconds", "h:mm:ss", "m:ss", "hhmmss", "hmmss", "hmmt"]


class Duration(Section):
    """A duration: the sum of columns, or what passes between two moments; nothing written is no time at all."""

    columns: tuple[Column, ...] = ()
    format: _DurationFormat = "seconds"
    """`hmmt` is Avaya's: hours, minutes and tenths of a minute, without anything between them."""
    begin: str = ""
    """A column with a moment as `ended` writes them."""
    end: tuple[Column, ...] = ()
    """Such columns: the first that holds a moment counts."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if bool(self.begin) != bool(self.end) or (self.columns and self.begin):
            raise ValueError("needs either columns, or begin and end")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(filter(None, (*self.columns, self.begin, *self.end)))

    def seconds(self, row: Row, clock: Clock, now: datetime) -> int:
        """Whole seconds, at most a day."""
        if self.begin:
            return self._between(row, clock, now)
        return sum(_within_a_day(column, self._column(row, column)) for column in self.columns)

    def _column(self, row: Row, column: str) -> int:
        text = value(row, column)
        if not text:
            return 0
        try:
            return _DURATIONS[self.format](text)
        except ValueError:
            what = "is no whole number" if self.format == "seconds" else f"is no duration; expected {self.format}"
            raise UnreadableError(f"{column} {what}") from None

    def _between(self, row: Row, clock: Clock, now: datetime) -> int:
        begin = moment(row, (self.begin,), clock, now)
        ends = (column for column in self.end if not clock.is_absent(value(row, column)))
        end = moment(row, (next(ends, ""),), clock, now, begin)
        if begin is None or end is None:
            return 0
        return _within_a_day(f"the time from {self.begin}", int((end - begin).total_seconds()))


def _within_a_day(what: str, seconds: int) -> int:
    if not 0 <= seconds <= _DAY_SECONDS:
        raise UnreadableError(f"{what} is not within a day")
    return seconds


def _whole(text: str) -> int:
    if not re.fullmatch(r"[+-]?[0-9]{1,15}", text):
        raise ValueError
    return int(text)


def _clock_time(pattern: str) -> Callable[[str], int]:
    parts = re.compile(pattern)

    def read(text: str) -> int:
        found = parts.fullmatch(text)
        if found is None:
            raise ValueError
        hours, minutes, seconds = (int(found.groupdict().get(name) or 0) for name in ("h", "m", "s"))
        return hours * 3600 + minutes * 60 + seconds

    return read


def _tenths(text: str) -> int:
    if not re.fullmatch(r"[0-9][0-5][0-9][0-9]", text):
        raise ValueError
    return int(text[0]) * 3600 + int(text[1:3]) * 60 + int(text[3]) * 6


_DURATIONS: Final[dict[_DurationFormat, Callable[[str], int]]] = {
    "seconds": _whole,
    "milliseconds": lambda text: _whole(text) // 1000,
    "h:mm:ss": _clock_time(r"(?P<h>[0-9]{1,3}):(?P<m>[0-5][0-9]):(?P<s>[0-5][0-9])([.,][0-9]{1,9})?"),
    "m:ss": _clock_time(r"(?P<m>[0-9]{1,4}):(?P<s>[0-5][0-9])([.,][0-9]{1,9})?"),
    "hhmmss": _clock_time(r"(?P<h>[0-9]{2})(?P<m>[0-5][0-9])(?P<s>[0-5][0-9])"),
    "hmmss": _clock_time(r"(?P<h>[0-9]?)(?P<m>[0-5][0-9])(?P<s>[0-5][0-9])"),
    "hmmt": _tenths,
}


def _known_zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError('is no time zone; write one such as "UTC"')
    return name


class Ended(Section):
    """When the contact ended: a moment, and what passed after it."""

    columns: tuple[Column, ...] = Field(min_length=1)
    """One, or date and time: joined by a blank."""
    format: Annotated[str, StringConstraints(min_length=2)] = "iso"
    """`iso`, `epoch` (seconds since 1970), or strptime's, such as "%d.%m.%Y %H:%M:%S"."""
    zone: Annotated[str, AfterValidator(_known_zone)] = ""
    """Of times that say none; left out: the municipality's."""
    after: tuple[Duration, ...] = ()
    """Where the columns hold the call's begin: all that passed until its end."""
    not_before: str = ""
    """A column with an earlier moment of the call: it decides in the night when an hour comes twice."""

    @model_validator(mode="after")
    def _is_a_format(self) -> Self:
        if self.format not in {"iso", "epoch"} and not re.search(r"%\w", self.format):
            raise ValueError('format must be "iso", "epoch" or one of strptime\'s, such as "%Y-%m-%d %H:%M:%S"')
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        return (*self.columns, *filter(None, [self.not_before]), *(c for part in self.after for c in part.reads))

    def clock(self, zone: ZoneInfo) -> Clock:
        return Clock(self.format, ZoneInfo(self.zone) if self.zone else zone)

    def moment(self, row: Row, clock: Clock, now: datetime) -> datetime:
        """In UTC."""
        earlier = moment(row, (self.not_before,), clock, now)
        begin = moment(row, self.columns, clock, now, earlier)
        if begin is None:
            raise UnreadableError(f"{' and '.join(self.columns)} {clock.reproach}")
        ended = begin + timedelta(seconds=sum(part.seconds(row, clock, now) for part in self.after))
        if ended > now + CLOCKS_DIFFER:
            raise UnreadableError("the call's end lies in the future")
        return ended


def moment(
    row: Row, columns: tuple[str, ...], clock: Clock, now: datetime, not_before: datetime | None = None
) -> datetime | None:
    """What the columns say together, in UTC; None where nothing stands there."""
    text = joined(row, columns)
    if clock.is_absent(text):
        return None
    try:
        return clock.read(text, now, not_before)
    except UnreadableError as error:
        raise UnreadableError(f"{' and '.join(columns)} {error}") from None
