"""The file inbox: a CSV that is put there is taken in and then removed, for it holds plain telephone numbers.

Lines that could not be read stay behind in `rejected/`, with the reasons beside them.
"""

import logging
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from appliance.errors import IntakeError
from appliance.intake.csv_file import Rejected, read_csv
from appliance.intake.register import Register
from appliance.types import DrawReason

_SETTLE_SECONDS: Final = 0.5
"""A file younger than this may still be written to."""

_log = logging.getLogger(__name__)


@dataclass
class Tally:
    """What became of a file's lines."""

    reasons: dict[DrawReason, int] = field(default_factory=dict)
    known_before: int = 0
    rejected: list[Rejected] = field(default_factory=list)


def inbox_directory(directory: Path) -> Path:
    return directory / "inbox"


def take_in(path: Path, register: Register, zone: ZoneInfo, now: datetime) -> Tally:
    """Admit every line of one CSV file; what was admitted before is counted, not doubled."""
    tally = Tally()
    for item in read_csv(path, zone):
        if isinstance(item, Rejected):
            tally.rejected.append(item)
        elif reason := register.admit(item, now):
            tally.reasons[reason] = tally.reasons.get(reason, 0) + 1
        else:
            tally.known_before += 1
    return tally


def sweep(directory: Path, register: Register, zone: ZoneInfo) -> int:
    """Take in the files that lie in the inbox; returns how many."""
    inbox = inbox_directory(directory)
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    settled = time.time() - _SETTLE_SECONDS
    ready = sorted(path for path in inbox.glob("*.csv") if path.stat().st_mtime < settled)
    for path in ready:
        try:
            tally = take_in(path, register, zone, datetime.now(UTC))
        except IntakeError as error:
            _log.warning("%s", error)
            _reject(path, [Rejected(1, str(error))])
        else:
            _log.info("%s: %d contacts, %d rejected", path.name, sum(tally.reasons.values()), len(tally.rejected))
            if tally.rejected:
                _reject(path, tally.rejected)
            path.unlink(missing_ok=True)
    return len(ready)


def _reject(path: Path, rejected: list[Rejected]) -> None:
    """Keep the unreadable lines, and only those, with a note of what was wrong."""
    folder = path.parent / "rejected"
    folder.mkdir(mode=0o700, exist_ok=True)
    lines = path.read_bytes().splitlines(keepends=True)
    wanted = {0, *(item.line - 1 for item in rejected)}
    (folder / path.name).write_bytes(b"".join(line for number, line in enumerate(lines) if number in wanted))
    note = "".join(f"line {item.line}: {item.reason}\n" for item in rejected)
    (folder / f"{path.name}.reasons").write_text(note, encoding="utf-8")
    path.unlink(missing_ok=True)
