"""A file of call records, some hundred lines at a time: read, decided upon, counted."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final

from appliance.intake.lines import Line, read_lines
from appliance.intake.profile import Profile
from appliance.intake.record import RecordReader, Rejected
from appliance.intake.register import Register, Verdict
from appliance.store import Database, intake_sources, writing
from appliance.types import DrawReason, EndedContact

_BATCH_LINES: Final = 100
"""One transaction: eight times as fast as one a line, and it keeps a live call waiting for a tenth of a second."""


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


def read_batches(path: Path, profile: Profile, reader: RecordReader, now: datetime) -> Iterator[Batch]:
    """All lines of a file; IntakeError where it holds no such records, OSError where it cannot be read."""
    batch = Batch()
    for line in read_lines(path):
        item = reader.read(line.number, profile.text_of(line.raw), now)
        if isinstance(item, Rejected):
            batch.rejected.append((line, item))
        elif item is not None:
            batch.contacts.append((line, item))
        batch.last_line, batch.end = line.number, line.end
        if len(batch.contacts) + len(batch.rejected) >= _BATCH_LINES:
            yield batch
            batch = Batch(first_line=line.number + 1, last_line=line.number)
    yield batch


def admit(
    db: Database, register: Register, source: str, batch: Batch, now: datetime, *, already: int = 0
) -> list[Verdict]:
    """Decide upon a batch and count it for its source, all on disk when this returns, or none.

    Lines up to number `already` have been counted before.
    """
    with writing(db):
        verdicts = register.admit_all([contact for _, contact in batch.contacts], now)
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
