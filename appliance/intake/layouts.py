"""How a line falls apart into columns: by a delimiter, by positions, or by one regular expression."""

import csv
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Annotated, Literal, Protocol, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from appliance.errors import IntakeError
from appliance.intake.record import UnreadableError
from appliance.settings.section import Section

Row = Mapping[str, str]
"""A record's values by column."""

Column = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


def _compiles(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is no regular expression: {error}") from None
    return value


Regex = Annotated[str, AfterValidator(_compiles)]


class Delimited(Section):
    """Values between delimiters; their columns are named by the file's heading, or here in their order."""

    kind: Literal["delimited"]
    delimiter: str = Field(default=",", min_length=1, max_length=4)
    """With a heading there may be several: the one that stands in it most often."""
    quote: Literal['"', "'", ""] = '"'
    header: bool = False
    columns: tuple[Column, ...] = ()
    required: tuple[Column, ...] | None = None
    """What a heading must have; left out: every column that the profile reads."""
    fewest: int | None = Field(default=None, ge=1)
    """Values that a line without heading must have; left out: as many as there are columns. Later ones may follow."""

    @model_validator(mode="after")
    def _names_its_columns_once(self) -> Self:
        if self.header == bool(self.columns):
            raise ValueError("needs either header = true or columns")
        if not self.header and len(self.delimiter) > 1:
            raise ValueError("delimiter must be one character where there is no header")
        if len(set(self.columns)) < len(self.columns):
            raise ValueError("names a column twice")
        return self

    def known_columns(self) -> frozenset[str] | None:
        return None if self.header else frozenset(self.columns)

    def rows(self, needed: frozenset[str]) -> "Rows":
        return _HeadedRows(self, needed) if self.header else _DelimitedRows(self)


class Fixed(Section):
    """Values at fixed positions, counted from 1 as the vendors' tables do, with nothing between them."""

    kind: Literal["fixed"]
    columns: dict[Column, tuple[int, int]] = Field(min_length=1)
    """First and last position of each."""
    fewest: int | None = Field(default=None, ge=1)
    """Characters that a line must have; left out: up to the last column's end."""
    most: int | None = Field(default=None, ge=1)
    """Characters that a line may have."""

    @model_validator(mode="after")
    def _is_in_order(self) -> Self:
        for name, (first, last) in self.columns.items():
            if not 1 <= first <= last:
                raise ValueError(f"columns.{name}: must be [first, last], counted from 1")
        ordered = sorted(self.columns.values())
        if any(left[1] >= right[0] for left, right in pairwise(ordered)):
            raise ValueError("two columns share a position")
        return self

    def known_columns(self) -> frozenset[str] | None:
        return frozenset(self.columns)

    def rows(self, needed: frozenset[str]) -> "Rows":  # noqa: ARG002 -- every layout is asked the same
        return _FixedRows(self)


class Pattern(Section):
    """One regular expression for the whole line; its named groups are the columns."""

    kind: Literal["pattern"]
    pattern: Regex

    def known_columns(self) -> frozenset[str] | None:
        return frozenset(re.compile(self.pattern).groupindex)

    def rows(self, needed: frozenset[str]) -> "Rows":  # noqa: ARG002 -- every layout is asked the same
        return _PatternRows(self)


Layout = Annotated[Delimited | Fixed | Pattern, Field(discriminator="kind")]


def value(row: Row, column: str) -> str:
    """What stands in a column, without the blanks around it; nothing where there is no such column."""
    return row.get(column, "").strip()


def joined(row: Row, columns: Iterable[str], by: str = " ") -> str:
    """All columns as one text, nothing where all are empty."""
    return by.join(value(row, column) for column in columns).strip()


class Rows(Protocol):
    """Takes lines apart in their order."""

    @property
    def awaits_heading(self) -> bool:
        """Whether the next line must be one: without it no line can be read."""

    def row(self, line: str) -> Row | None:
        """None of a heading. UnreadableError: the line is no record; IntakeError: the heading is none of ours."""


class _DelimitedRows:
    awaits_heading = False

    def __init__(self, layout: Delimited) -> None:
        self._layout = layout
        self._fewest = layout.fewest or len(layout.columns)

    def row(self, line: str) -> Row | None:
        values = _split(line, self._layout.delimiter, self._layout.quote)
        if len(values) < self._fewest:
            raise UnreadableError(f"has {len(values)} values; at least {self._fewest} are expected")
        return dict(zip(self._layout.columns, values, strict=False))


class _HeadedRows:
    def __init__(self, layout: Delimited, needed: frozenset[str]) -> None:
        self._layout = layout
        self._needed = layout.required or tuple(sorted(needed))
        self._read = needed
        self._delimiter = layout.delimiter[0]
        self._heading: list[str] = []

    @property
    def awaits_heading(self) -> bool:
        return not self._heading

    def row(self, line: str) -> Row | None:
        if not self._heading:
            self._delimiter = max(self._layout.delimiter, key=line.count)
        values = _split(line, self._delimiter, self._layout.quote)
        if not self._heading:
            self._heading = self._checked([name.strip() for name in values])
            return None
        if values == self._heading:  # files that were put together
            return None
        if len(values) != len(self._heading):
            raise UnreadableError(f"has {len(values)} values; the heading has {len(self._heading)}")
        return dict(zip(self._heading, values, strict=True))

    def _checked(self, heading: list[str]) -> list[str]:
        if missing := [column for column in self._needed if column not in heading]:
            raise IntakeError(
                f"the heading lacks the column {', '.join(missing)}; columns are {', '.join(sorted(self._read))}"
            )
        if twice := sorted(column for column in self._read if heading.count(column) > 1):
            raise IntakeError(f"the heading has the column {', '.join(twice)} twice")
        return heading


class _FixedRows:
    awaits_heading = False

    def __init__(self, layout: Fixed) -> None:
        self._layout = layout
        self._slices = {name: slice(first - 1, last) for name, (first, last) in layout.columns.items()}
        end = max(last for _, last in layout.columns.values())
        taken = {position for first, last in layout.columns.values() for position in range(first - 1, last)}
        self._gaps = [position for position in range(end) if position not in taken]
        self._fewest = layout.fewest or end

    def row(self, line: str) -> Row | None:
        if len(line) < self._fewest:
            raise UnreadableError(f"has {len(line)} characters; at least {self._fewest} are expected")
        if self._layout.most and len(line) > self._layout.most:
            raise UnreadableError(f"has {len(line)} characters; at most {self._layout.most} are expected")
        if any(line[position] != " " for position in self._gaps if position < len(line)):
            raise UnreadableError("has something between its columns")
        return {name: line[where] for name, where in self._slices.items()}


class _PatternRows:
    awaits_heading = False

    def __init__(self, layout: Pattern) -> None:
        self._pattern = re.compile(layout.pattern)

    def row(self, line: str) -> Row | None:
        found = self._pattern.fullmatch(line)
        if found is None:
            raise UnreadableError("does not match the profile's pattern")
        return {name: value or "" for name, value in found.groupdict().items()}


def _split(line: str, delimiter: str, quote: str) -> list[str]:
    if not quote:
        return line.split(delimiter)
    try:
        return next(csv.reader([line], delimiter=delimiter, quotechar=quote, strict=True))
    except (csv.Error, StopIteration):
        raise UnreadableError("has a quote that does not end, or something behind one") from None
