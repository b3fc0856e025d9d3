"""How the sample's lines fall apart: encoding, delimiter or positions, heading or none."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from appliance.errors import IntakeError
from appliance.intake.wizard.questions import Answers

_DELIMITERS: Final = {"comma": ",", "semicolon": ";", "tab": "\t", "bar": "|"}
_FEWEST_COLUMNS: Final = 3
FEWEST_LINES: Final = 3
_FIGURE: Final = re.compile(r"[+\d][\d\s:+./,()TZ-]*")


@dataclass(frozen=True)
class Sample:
    """The records by column, and the layout as the profile writes it."""

    encoding: str
    columns: dict[str, tuple[str, ...]]
    """By name (the heading's, or c1, c2, …): what stands in it in each record, without blanks around."""
    layout: dict[str, object]
    ignore: tuple[str, ...] = ()
    named: bool = False
    """The names are the PBX's own."""


def take_apart(raw: Sequence[bytes], answers: Answers) -> Sample | None:
    """None where a question must be answered first; IntakeError where these are no lines of one kind."""
    encoding = _encoding_of(raw)
    lines = [line.decode(encoding).strip("\0\r\n") for line in raw]
    lines = [line for line in lines if line.strip()]
    if len(lines) < FEWEST_LINES:
        raise IntakeError(f"needs at least {FEWEST_LINES} lines of call records, better 20")
    fitting = [name for name, delimiter in _DELIMITERS.items() if _rows(lines, delimiter)]
    if not fitting:
        return _fixed(lines, encoding)
    chosen = answers.choose("delimiter", "What stands between two values?", fitting)
    return _delimited(lines, encoding, _DELIMITERS[chosen]) if chosen else None


def _encoding_of(raw: Sequence[bytes]) -> str:
    whole = b"\n".join(raw)
    try:
        whole.decode("utf-8")
    except UnicodeDecodeError:
        if b"\0" in whole.strip(b"\0"):
            raise IntakeError("is no text: give it some lines of call records, as UTF-8 or latin-1") from None
        return (
            "cp1252"
            if re.search(rb"[\x80-\x9f]", whole) and not re.search(rb"[\x81\x8d\x8f\x90\x9d]", whole)
            else "latin-1"
        )
    return "utf-8"


def _rows(lines: Sequence[str], delimiter: str) -> list[list[str]]:
    """The values of each line; none where the lines do not all have as many, and enough."""
    try:
        rows = [next(csv.reader([line.removeprefix("\ufeff")], delimiter=delimiter, strict=True)) for line in lines]
    except (csv.Error, StopIteration):
        return []
    counts = {len(row) for row in rows}
    return rows if len(counts) == 1 and counts.pop() >= _FEWEST_COLUMNS else []


def _delimited(lines: list[str], encoding: str, delimiter: str) -> Sample:
    rows = [[value.strip() for value in row] for row in _rows(lines, delimiter)]
    layout: dict[str, object] = {"kind": "delimited", "delimiter": delimiter}
    heading = rows[0] if _is_heading(rows) else None
    records = rows[1:] if heading else rows
    if heading and all(heading) and len(set(heading)) == len(heading):
        return Sample(encoding, _by_column(heading, records), {**layout, "header": True}, named=True)
    names = [f"c{number}" for number in range(1, len(rows[0]) + 1)]
    ignore = (re.escape(lines[0].removeprefix("\ufeff")),) if heading else ()
    return Sample(encoding, _by_column(names, records), {**layout, "columns": names}, ignore)


def _by_column(names: Sequence[str], records: Sequence[Sequence[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(record[place] for record in records) for place, name in enumerate(names)}


def _is_heading(rows: list[list[str]]) -> bool:
    """Whether the first line has no figures where the others have some."""
    if any(_FIGURE.fullmatch(value) for value in rows[0]):
        return False
    return any(all(_FIGURE.fullmatch(row[place]) for row in rows[1:] if row[place]) for place in range(len(rows[0])))


def _fixed(lines: list[str], encoding: str) -> Sample:
    """Columns are what blanks in all lines part; what is later written wider than here will be rejected."""
    width = max(map(len, lines))
    padded = [line.ljust(width) for line in lines]
    filled = "".join("x" if any(line[place] != " " for line in padded) else " " for place in range(width))
    spans = [found.span() for found in re.finditer("x+", filled)]
    if len(spans) < _FEWEST_COLUMNS:
        raise IntakeError(
            "cannot be taken apart: neither a comma, semicolon, tab nor bar stands equally often in every line, "
            "nor are there columns at fixed positions"
        )
    columns = {f"c{number}": span for number, span in enumerate(spans, 1)}
    values = {name: tuple(line[first:end].strip() for line in padded) for name, (first, end) in columns.items()}
    layout = {"kind": "fixed", "columns": {name: (first + 1, end) for name, (first, end) in columns.items()}}
    return Sample(encoding, values, {**layout, "fewest": min(len(line.rstrip()) for line in lines)})
