"""What is kept of a file that was taken in: what became of each record, and the lines that could not be read."""

import csv
import os
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, TextIO

from appliance.custody.durable import sync_folder
from appliance.intake.lines import Line, read_lines
from appliance.intake.masking import mask, mask_number, shape
from appliance.intake.private import tells
from appliance.types import DrawReason, EndedContact

_RECORDS: Final = (
    *("line", "reason", "call_id", "ended_at", "number", "queue"),
    *("wait_seconds", "talk_seconds", "direction", "answered"),
)
_BROKEN: Final = ("line", "reason", "text")
_REFUSED_LINES: Final = 100
"""So many tell what kind of file it was."""


class Receipts:
    """done/NAME and rejected/NAME in an inbox, each written beside its place and put there whole; no number in plain.

    Only what was understood is kept of a record, and of a line that was not only its shape: names may stand there.
    """

    def __init__(self, inbox: Path, name: str, *, keep_done: bool) -> None:
        self._done = _Sheet(inbox / "done" / name, _RECORDS) if keep_done else None
        self._rejected = _Sheet(inbox / "rejected" / name, _BROKEN)
        self._sheets = (self._rejected, *filter(None, (self._done,)))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for sheet in self._sheets:
            sheet.close()
        for sheet in self._sheets:
            sheet.drop()

    def decided(self, line: Line, contact: EndedContact, reason: DrawReason) -> None:
        if self._done:
            number = contact.number or ""
            call_id, queue = (
                mask(text) if tells(text, number) else text for text in (contact.source_call_id, contact.queue)
            )
            self._done.write(
                *(line.number, reason, call_id, contact.ended_at.isoformat(), mask_number(number), queue),
                *(contact.wait_seconds, contact.talk_seconds, contact.direction, int(contact.answered)),
            )

    def rejected(self, line: Line, reason: str) -> None:
        self._rejected.write(line.number, reason, shape(line.raw.decode(errors="replace")))

    def refused(self, file: BinaryIO, reason: str) -> None:
        """The whole file: the reason as of line 0, and how its first lines look."""
        self._rejected.write(0, reason, "")
        for line in filter(None, islice(read_lines(file), _REFUSED_LINES)):
            self.rejected(line, "")

    def put(self) -> None:
        """Onto the disk, and into their places; whoever puts them again displaces them."""
        for sheet in self._sheets:
            sheet.put()


class _Sheet:
    """One CSV file; it is not there at all where nothing was written."""

    def __init__(self, path: Path, header: tuple[str, ...]) -> None:
        self._path = path
        self._header = header
        self._draft = path.with_name(f".{path.name}")
        self._file: TextIO | None = None

    def write(self, *fields: object) -> None:
        if self._file is None:
            self._path.parent.mkdir(mode=0o700, exist_ok=True)
            descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            self._file = os.fdopen(descriptor, "w", encoding="utf-8", newline="")
            self._rows = csv.writer(self._file, lineterminator="\n")
            self._rows.writerow(self._header)
        self._rows.writerow(fields)

    def put(self) -> None:
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())
            self._draft.replace(self._path)
            sync_folder(self._path.parent)

    def close(self) -> None:
        if self._file is not None:
            self._file.close()

    def drop(self) -> None:
        """What was not put is gone."""
        if self._file is not None:
            self._draft.unlink(missing_ok=True)
