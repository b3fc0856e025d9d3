"""A file's lines, one at a time however large it is."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final

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


def read_lines(file: BinaryIO) -> Iterator[Line | None]:
    """Every line in its order, up to where the file ends now; None for each part of a line but its last."""
    size, at, number, begin = os.fstat(file.fileno()).st_size, file.seek(0), 1, b""
    while piece := file.readline(min(MAX_LINE_BYTES, size - at)):
        at += len(piece)
        begin = begin or piece
        if at < size and not piece.endswith(b"\n"):
            yield None
        else:
            yield Line(number, begin.rstrip(b"\r\n"), at)
            number, begin = number + 1, b""
