"""What a line of call records gives: a contact, a reason why it is none, or nothing where it is no record at all."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from appliance.types import EndedContact


@dataclass(frozen=True, slots=True)
class Rejected:
    """A line that could not be read; the reason holds nothing of the line's content."""

    line: int
    reason: str


class UnreadableError(ValueError):
    """Why a line is rejected; holds nothing of the line's content."""


class RecordReader(Protocol):
    """Reads the lines of one file or one connection in their order."""

    def read(self, number: int, line: str, now: datetime) -> EndedContact | Rejected | None:
        """Line `number` (from 1), with or without its end; None of a heading or an empty line.

        IntakeError, of the first line only, where its heading says that the whole file is none of ours.
        """
