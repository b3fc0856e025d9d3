"""Lines become contacts on record: read, decided upon, counted, and the rejected ones kept, all in one transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from appliance.intake.adapter import Desk
from appliance.intake.decided import Undecided, decide_upon
from appliance.intake.masking import shape
from appliance.intake.record import RecordReader, Rejected
from appliance.intake.register import Verdict
from appliance.store import intake_sources, rejected_lines, writing
from appliance.store.rejected_lines import RejectedLine
from appliance.types import EndedContact


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it came in."""

    number: int
    """From 1, in its file or connection."""
    text: str
    trouble: str = ""
    """Why it cannot be read at all."""


class EnteredLines:
    """Those that one source gives."""

    def __init__(self, desk: Desk, source: str) -> None:
        self._desk = desk
        self._source = source

    def enter(self, lines: list[Line], reader: RecordReader, now: datetime, and_also: Callable[[], None]) -> None:
        """Decide upon the lines; `and_also` writes what must stand or fall with them."""
        items = [(line, self._read(line, reader, now)) for line in lines]
        contacts = [(line, item) for line, item in items if isinstance(item, EndedContact)]
        rejected = [(line, item.reason) for line, item in items if isinstance(item, Rejected)]
        with writing(self._desk.db):
            results = decide_upon(self._desk.register, [contact for _, contact in contacts], now)
            verdicts = [result for result in results if isinstance(result, Verdict)]
            rejected += [
                (line, result.reason)
                for (line, _), result in zip(contacts, results, strict=True)
                if isinstance(result, Undecided)
            ]
            new = sum(verdict.is_new for verdict in verdicts)
            intake_sources.count(
                *(self._desk.db, self._source, now),
                decided=new,
                repeated=len(verdicts) - new,
                rejected=len(rejected),
                no_record=len(lines) - len(verdicts) - len(rejected),
            )
            if rejected:
                kept = [RejectedLine(line.number, reason, shape(line.text)) for line, reason in rejected]
                rejected_lines.add(self._desk.db, self._source, kept, now)
            and_also()

    @staticmethod
    def _read(line: Line, reader: RecordReader, now: datetime) -> EndedContact | Rejected | None:
        return Rejected(line.number, line.trouble) if line.trouble else reader.read(line.number, line.text, now)
