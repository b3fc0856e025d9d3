"""A file of call records, line by line."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from appliance.errors import IntakeError
from appliance.intake.profile import MAX_LINE_CHARACTERS, Profile
from appliance.intake.record import RecordReader, Rejected
from appliance.types import EndedContact

_MAX_BYTES: Final = 4 * MAX_LINE_CHARACTERS + 4
"""So many bytes are too many characters in every encoding."""


def read_records(
    path: Path, profile: Profile, reader: RecordReader, now: datetime
) -> Iterator[EndedContact | Rejected]:
    """Every line as a contact or as rejected; IntakeError where the file cannot be read or is of another kind."""
    try:
        with path.open("rb") as file:
            for number, raw in _lines(file):
                item = reader.read(number, profile.text_of(raw), now)
                if item is not None:
                    yield item
    except OSError as error:
        raise IntakeError(f"{path}: cannot read call records: {error.strerror}") from error
    except IntakeError as error:
        raise IntakeError(f"{path}: {error}") from error


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes]]:
    """Numbered from 1; of a line without end only its beginning, which is too long already."""
    number, in_the_middle = 0, False
    while chunk := file.readline(_MAX_BYTES):
        if not in_the_middle:
            number += 1
            yield number, chunk
        in_the_middle = not chunk.endswith(b"\n")
