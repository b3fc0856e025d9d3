"""Whose call it was, in which direction and queue, and whether anybody answered, as columns say it."""

import re
from typing import Self

from pydantic import Field, model_validator

from appliance.intake.layouts import Column, Regex, Row, joined, value
from appliance.intake.record import UnreadableError
from appliance.settings.section import Section
from appliance.types import Direction


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
