"""A list of numbers to block, as somebody has it: one a line, or a table as CSV. Nothing of its content is repeated."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from appliance.custody import opt_outs
from appliance.custody.keys import Keys
from appliance.custody.sealing import hash_number
from appliance.numbers import read_number
from appliance.store import Database
from appliance.types import E164, NumberHash

SOURCE: Final = "list"
_AT_A_TIME: Final = 500
"""In one transaction: a live call must not wait long to save an answer."""
_SEPARATORS: Final = ";\t,"
_SEVERAL: Final = re.compile(r"[;,/]")
"""Parts several numbers in one field."""
_PERSONAL_NUMBER: Final = re.compile(r"\D*(?:\d\d)?(\d\d)(\d\d)(\d\d)[-\u2010-\u2014](\d{4})\D*", re.ASCII)
_COORDINATION_DAYS: Final = 60
"""What a coordination number has added to its day."""


@dataclass
class ListTally:
    """What became of a list."""

    new: int = 0
    known_before: int = 0
    repeated: int = 0
    """How often a number stood there again."""
    lines: int = 0
    """How many lines hold a number, or several."""
    unreadable: list[int] = field(default_factory=list)
    """Numbers of lines, from 1, that hold no Swedish subscriber's number."""


def decode(content: bytes) -> str:
    """A file's text, however a spreadsheet has written it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def block_all(db: Database, keys: Keys, text: str, now: datetime, by: str) -> ListTally:
    """Block every number of a list, also where a line has several: nobody can tell which is the citizen's own."""
    tally, found = ListTally(), []
    for line, numbers in _numbers(text):
        if numbers:
            tally.lines += 1
            found += [hash_number(keys, number) for number in numbers]
        else:
            tally.unreadable.append(line)
    wanted: list[NumberHash] = list(dict.fromkeys(found))
    for begin in range(0, len(wanted), _AT_A_TIME):
        tally.new += opt_outs.add_all(db, keys, wanted[begin : begin + _AT_A_TIME], SOURCE, now, by)
    tally.known_before = len(wanted) - tally.new
    tally.repeated = len(found) - len(wanted)
    return tally


def _numbers(text: str) -> Iterator[tuple[int, list[E164]]]:
    """Each line that is not empty and no heading, with the numbers in it."""
    lines = text.splitlines()
    separator = max(_SEPARATORS, key=text.count)
    for index, line in enumerate(lines, 1):
        if not line.strip(f" \t\"'{_SEPARATORS}") or (index == 1 and not any(map(str.isdigit, line))):
            continue
        yield index, _of_line(line, separator)


def _of_line(line: str, separator: str) -> list[E164]:
    """Without what is somebody's personal number, unless nothing else there is a telephone number."""
    try:
        fields = next(csv.reader([line], delimiter=separator))
    except csv.Error:
        return []
    found = [(field, number) for field in fields for number in _of_field(field)]
    sure = [number for field, number in found if not _is_personal_number(field)]
    return sure or [number for _, number in found]


def _of_field(field: str) -> list[E164]:
    whole = read_number(field).e164
    pieces = [whole] if whole else [read_number(piece).e164 for piece in _SEVERAL.split(field)]
    return [number for number in pieces if number]


def _is_personal_number(field: str) -> bool:
    """YYMMDD-NNNN or YYYYMMDD-NNNN, of a day that there is and with the right check digit."""
    if not (match := _PERSONAL_NUMBER.fullmatch(field)):
        return False
    year, month, day = (int(part) for part in match.groups()[:3])
    try:
        date(2000 + year, month, day - _COORDINATION_DAYS if day > _COORDINATION_DAYS else day)
    except ValueError:
        return False
    doubled = "".join(str(int(digit) * (2 - index % 2)) for index, digit in enumerate("".join(match.groups())))
    return sum(map(int, doubled)) % 10 == 0
