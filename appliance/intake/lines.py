"""A file's lines, one at a time however large it is."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

MAX_LINE_BYTES: Final = 1 << 17
"""No call record is longer; a reader rejects what is."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a file, without its end; an overlong one is cut."""

    number: int
    """From 1."""
    raw: bytes
    end: int
    """Bytes of the file up to the next line."""


def read_lines(path: Path) -> Iterator[Line]:
    """Every line in its order; OSError where the file cannot be read."""
    with path.open("rb") as file:
        for number in count(1):
            piece = file.readline(MAX_LINE_BYTES)
            if not piece:
                return
            is_cut = len(piece) == MAX_LINE_BYTES and not piece.endswith(b"\n")
            while is_cut and (rest := file.readline(MAX_LINE_BYTES)):
                is_cut = not rest.endswith(b"\n")
            yield Line(number, piece.rstrip(b"\r\n"), file.tell())
