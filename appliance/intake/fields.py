"""How a contact's fields are read from a record's columns. Every reason names a column and nothing that stood in it."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal, Self
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from appliance.intake.layouts import Column, Regex, Row
from appliance.intake.moments import CLOCKS_DIFFER, Clock
from appliance.intake.record import UnreadableError
from appliance.settings.section import Section
from appliance.types import Direction

_DAY_SECONDS: Final = 86_400
_DurationFormat = Literal["seconds", "milliseconds", "h:mm:ss", "m:ss", "hhmmss", "hmmss", "hmmt"]


def value(row: Row, column: str) -> str:
    """What stands in a column, without the blanks around it; nothing where there is no such column."""
    return row.get(column, "").strip()


def joined(row: Row, columns: Iterable[str], by: str = " ") -> str:
    """All columns as one text, nothing where all are empty."""
    return by.join(value(row, column) for column in columns).strip()


def _known_zone(name: str) -> str:
    if name and name not in available_timezones():
        raise ValueError('is no time zone; write one such as "UTC"')
    return name


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


class CallDirection(Section):
    """Who rang whom: by what columns say, or by which of the two numbers is internal; else always the default."""

    columns: tuple[Column, ...] = ()
    """Joined by a blank, then looked up in `values`."""
    values: dict[str, Direction] = Field(default_factory=dict)
    caller: str = ""
    called: str = ""
    internal: Regex = ""
    """What an internal number looks like, from its first character to its last."""
    default: Direction | None = Direction.INBOUND
    """Where nothing is written."""

    @model_validator(mode="after")
    def _is_one_kind(self) -> Self:
        if bool(self.columns) != bool(self.values) or bool(self.caller) != bool(self.internal):
            raise ValueError("needs either columns with values, or caller with internal")
        if self.columns and self.caller:
            raise ValueError("is given by columns or by caller, not by both")
        return self

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(filter(None, (*self.columns, self.caller, self.called)))

    def read(self, row: Row) -> Direction:
        if self.caller:
            return self._by_numbers(row)
        written = joined(row, self.columns).casefold()
        found = self._folded().get(written) if written else self.default
        if found is None:
            raise UnreadableError(f"{' and '.join(self.columns)} is none of {', '.join(self.values)}")
        return found

    def _by_numbers(self, row: Row) -> Direction:
        if not re.fullmatch(self.internal, value(row, self.caller)):
            return Direction.INBOUND
        to_inside = self.called and re.fullmatch(self.internal, value(row, self.called))
        return Direction.INTERNAL if to_inside else Direction.OUTBOUND

    def _folded(self) -> dict[str, Direction]:
        return {written.casefold(): direction for written, direction in self.values.items()}


class CitizensNumber(Section):
    """Which column holds the citizen's number, by direction."""

    inbound: Column
    outbound: str = ""
    internal: str = ""
    access_digits: str = Field(default="", pattern=r"^[0-9*#]{0,4}$")
    """What the PBX puts before every outside number; it is taken away."""

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(filter(None, (self.inbound, self.outbound, self.internal)))

    def read(self, row: Row, direction: Direction) -> str | None:
        column = {Direction.OUTBOUND: self.outbound, Direction.INTERNAL: self.internal}.get(direction) or self.inbound
        written = value(row, column)
        return (written if direction is Direction.INTERNAL else written.removeprefix(self.access_digits)) or None


class Queue(Section):
    """Which queue it was: the first column that says so."""

    columns: tuple[Column, ...] = ()
    match: Regex = ""
    """Only what looks so is a queue; of a pattern with a group, the group."""
    names: dict[str, str] = Field(default_factory=dict)
    """What staff call it, by what the PBX writes."""
    only_named: bool = False
    """What has no name here is no queue: where the columns may hold a person's own number."""

    def read(self, row: Row) -> str:
        found = filter(None, (self._matched(value(row, column)) for column in self.columns))
        if self.only_named:
            return next((self.names[queue] for queue in found if queue in self.names), "")
        queue = next(found, "")
        return self.names.get(queue, queue)

    def _matched(self, written: str) -> str:
        if not self.match:
            return written
        found = re.fullmatch(self.match, written)
        return (found[found.lastindex or 0] or "").strip() if found else ""


class Answered(Section):
    """Whether somebody answered: what columns say, or that they are filled; without columns: that there was talk."""

    columns: tuple[Column, ...] = ()
    """Joined by a blank; a zero counts as nothing."""
    yes: tuple[Regex, ...] = ()
    no: tuple[Regex, ...] = ()
    """What stands in them, from its first character to its last; of only one kind, all else is the other."""
    default: bool = False
    """Where nothing is written."""
    needs_talk: bool = False
    """And there was talk."""

    def read(self, row: Row, talk_seconds: int) -> bool:
        if not talk_seconds and (self.needs_talk or not self.columns):
            return False
        return not self.columns or self._written(joined(row, self.columns))

    def _written(self, written: str) -> bool:
        if not written:
            return self.default
        if not self.yes and not self.no:
            return bool(written.strip("0"))
        if _is_one_of(written, self.yes):
            return True
        is_no = _is_one_of(written, self.no)
        if self.yes and self.no and not is_no:
            raise UnreadableError(f"{' and '.join(self.columns)} is none of {', '.join((*self.yes, *self.no))}")
        return not self.yes and not is_no


def _is_one_of(written: str, patterns: tuple[str, ...]) -> bool:
    return any(re.fullmatch(pattern, written, re.IGNORECASE) for pattern in patterns)
