"""A file of call records, some hundred lines at a time: read, decided upon, counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Final

from appliance.intake.decided import Undecided, decide_upon
from appliance.intake.lines import MAX_LINE_BYTES, Line, read_lines
from appliance.intake.profile import Profile
from appliance.intake.record import RecordReader, Rejected
from appliance.intake.register import Register, Verdict
from appliance.store import Database, intake_sources, writing
from appliance.types import DrawReason, EndedContact

_BATCH_LINES: Final = 100
"""One transaction: eight times as fast as one a line, and it keeps a live call waiting for a tenth of a second."""
_BATCH_BYTES: Final = 1 << 20
"""Nor does it wait for lines that are no records."""
_LEAST_BYTES: Final = 50
"""An empty line is work, too."""


@dataclass
class Batch:
    """Lines that are decided upon together."""

    contacts: list[tuple[Line, EndedContact]] = field(default_factory=list)
    rejected: list[tuple[Line, Rejected]] = field(default_factory=list)
    first_line: int = 1
    last_line: int = 0
    end: int = 0
    """Bytes of the file up to here."""


@dataclass
class Tally:
    """What became of a file's lines."""

    reasons: Counter[DrawReason] = field(default_factory=Counter)
    """Of every record, those decided upon before with the reason they have."""
    known_before: int = 0
    rejected: int = 0
    lines: int = 0

    @property
    def records(self) -> int:
        return self.reasons.total()

    def add(self, batch: Batch, verdicts: list[Verdict]) -> None:
        self.reasons.update(verdict.reason for verdict in verdicts)
        self.known_before += sum(not verdict.is_new for verdict in verdicts)
        self.rejected += len(batch.rejected)
        self.lines = batch.last_line


def read_batches(file: BinaryIO, profile: Profile, reader: RecordReader, now: datetime) -> Iterator[Batch]:
    """All lines of a file; IntakeError where it holds no such records, OSError where it cannot be read."""
    batch, read_bytes = Batch(), 0
    for line in read_lines(file):
        if line is not None:
            item = reader.read(line.number, profile.text_of(line.raw), now)
            if isinstance(item, Rejected):
                batch.rejected.append((line, item))
            elif item is not None:
                batch.contacts.append((line, item))
            batch.last_line, batch.end = line.number, line.end
        read_bytes += MAX_LINE_BYTES if line is None else max(len(line.raw), _LEAST_BYTES)
        if len(batch.contacts) + len(batch.rejected) >= _BATCH_LINES or read_bytes >= _BATCH_BYTES:
            yield batch
            batch, read_bytes = Batch(first_line=batch.last_line + 1, last_line=batch.last_line, end=batch.end), 0
    yield batch


def admit(
    db: Database, register: Register, source: str, batch: Batch, now: datetime, *, already: int = 0
) -> list[Verdict]:
    """Decide upon a batch and count it for its source, all on disk when this returns, or none.

    Lines up to number `already` have been counted before. What cannot be decided upon becomes one of the rejected.
    """
    with writing(db):
        results = decide_upon(register, [contact for _, contact in batch.contacts], now)
        each = list(zip(batch.contacts, results, strict=True))
        batch.contacts = [read for read, result in each if isinstance(result, Verdict)]
        batch.rejected += [
            (line, Rejected(line.number, result.reason)) for (line, _), result in each if isinstance(result, Undecided)
        ]
        verdicts = [result for result in results if isinstance(result, Verdict)]
        lines = (line.number for line, _ in batch.contacts)
        fresh = [verdict.is_new for number, verdict in zip(lines, verdicts, strict=True) if number > already]
        rejected = sum(line.number > already for line, _ in batch.rejected)
        intake_sources.count(
            *(db, source, now),
            decided=sum(fresh),
            repeated=len(fresh) - sum(fresh),
            rejected=rejected,
            no_record=max(0, batch.last_line - max(already, batch.first_line - 1)) - len(fresh) - rejected,
        )
    return verdicts
