"""A list of numbers to block, as somebody has it: one a line, or a table as CSV. Nothing of its content is repeated."""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
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
_LOOKS_LIKE_ONE: Final = re.compile(r"\W*(\+|0|46)")
"""How a number begins; what else could be read as one (a customer's id) is only where nothing begins so."""


@dataclass
class ListTally:
    """What became of a list."""

    new: int = 0
    known_before: int = 0
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
    """Block every number of a list; each line with one of its own or in its first column that looks like one."""
    tally, found = ListTally(), []
    for line, number in _numbers(text):
        if number is None:
            tally.unreadable.append(line)
        else:
            found.append(hash_number(keys, number))
    wanted: list[NumberHash] = list(dict.fromkeys(found))
    for begin in range(0, len(wanted), _AT_A_TIME):
        tally.new += opt_outs.add_all(db, keys, wanted[begin : begin + _AT_A_TIME], SOURCE, now, by)
    tally.known_before = len(found) - tally.new
    return tally


def _numbers(text: str) -> Iterator[tuple[int, E164 | None]]:
    """Each line that is not empty and no heading, with the number in it."""
    lines = text.splitlines()
    separator = max(_SEPARATORS, key=text.count)
    for index, line in enumerate(lines, 1):
        if not line.strip(f" \t\"'{_SEPARATORS}") or (index == 1 and not any(map(str.isdigit, line))):
            continue
        yield index, _number(line, separator)


def _number(line: str, separator: str) -> E164 | None:
    try:
        fields = next(csv.reader([line], delimiter=separator))
    except csv.Error:
        return None
    readable = [(text, number) for text in fields if (number := read_number(text).e164)]
    likely = [number for text, number in readable if _LOOKS_LIKE_ONE.match(text)]
    return next(iter(likely or [number for _, number in readable]), None)
