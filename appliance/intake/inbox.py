"""The file inbox: a CSV that is put there is taken in and then removed, for it holds plain telephone numbers.

What could not be read stays behind in `rejected/`, with the reasons beside it.
"""

import logging
import stat
import time
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from appliance.errors import IntakeError
from appliance.intake.profile_file import load_profile
from appliance.intake.record import Rejected
from appliance.intake.record_file import read_records
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
    profile = load_profile("efterklang")
    reader = profile.reader("csv", zone, register.fingerprint)
    for item in read_records(path, profile, reader, now):
        if isinstance(item, Rejected):
            tally.rejected.append(item)
        elif (verdict := register.admit(item, now)).is_new:
            tally.reasons[verdict.reason] = tally.reasons.get(verdict.reason, 0) + 1
        else:
            tally.known_before += 1
    return tally


def sweep(directory: Path, register: Register, zone: ZoneInfo, now: datetime) -> int:
    """Take in the files that lie in the inbox; returns how many. IntakeError where one cannot be put away."""
    inbox = inbox_directory(directory)
    inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
    ready = sorted(path for path in inbox.glob("*.csv") if _is_settled(path))
    for path in ready:
        try:
            _take_away(path, register, zone, now)
        except OSError as error:
            reason = error.strerror or str(error)
            raise IntakeError(f"{path}: cannot be put away: {reason}; the inbox must belong to our own user") from error
    return len(ready)


def _is_settled(path: Path) -> bool:
    try:
        about = path.stat()
    except OSError:  # gone again, or a link to nowhere
        return False
    return stat.S_ISREG(about.st_mode) and about.st_mtime < time.time() - _SETTLE_SECONDS


def _take_away(path: Path, register: Register, zone: ZoneInfo, now: datetime) -> None:
    """Take one file in, then remove it."""
    changed_at = path.stat().st_mtime_ns
    aside = path.parent / "rejected" / f"{now:%Y%m%dT%H%M%S%f}-{path.name}"
    try:
        tally = take_in(path, register, zone, now)
    except IntakeError as error:
        _log.warning("%s", error)
        _note(aside, [Rejected(1, str(error))])
        path.rename(aside)
        return
    if path.stat().st_mtime_ns != changed_at:
        return  # still written to: the next sweep takes the rest
    _log.info("%s: %d contacts, %d rejected", path.name, sum(tally.reasons.values()), len(tally.rejected))
    if tally.rejected:
        _note(aside, tally.rejected)
        _keep_lines(path, aside, tally.rejected)
    path.unlink()


def _note(aside: Path, rejected: list[Rejected]) -> None:
    """Write down what was wrong."""
    aside.parent.mkdir(mode=0o700, exist_ok=True)
    note = "".join(f"line {item.line}: {item.reason}\n" for item in rejected)
    aside.with_name(f"{aside.name}.reasons").write_text(note, encoding="utf-8")


def _keep_lines(path: Path, aside: Path, rejected: list[Rejected]) -> None:
    """Keep the header and the unreadable lines, and only those."""
    wanted = {0, *(item.line - 1 for item in rejected)}
    lines = path.read_bytes().splitlines(keepends=True)
    aside.write_bytes(b"".join(line for number, line in enumerate(lines) if number in wanted))
