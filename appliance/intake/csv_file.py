"""Ended contacts from a CSV file with a header; commas or semicolons, UTF-8 with or without a mark."""

import csv
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from appliance.errors import IntakeError
from appliance.intake.record import Rejected
from appliance.types import Direction, EndedContact

COLUMNS: Final = (
    "call_id", "ended_at", "number", "queue", "wait_seconds", "talk_seconds", "direction", "answered",
)  # fmt: skip
_REQUIRED: Final = ("call_id", "ended_at", "number")
_TRUE: Final = {"1", "true", "yes", "ja"}
_FALSE: Final = {"0", "false", "no", "nej"}
_FIRST_YEAR: Final = 2000
_CLOCKS_DIFFER: Final = timedelta(hours=1)
"""A contact cannot have ended later than this from now: its number would be kept for as long."""


def read_csv(path: Path, zone: ZoneInfo, now: datetime, source: str = "csv") -> Iterator[EndedContact | Rejected]:
    """Every line of the file, as a contact or as rejected; IntakeError where the file itself is no such CSV."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            first = file.readline()
            file.seek(0)
            rows = csv.DictReader(file, delimiter=";" if first.count(";") > first.count(",") else ",")
            _check_header(path, rows.fieldnames)
            for row in rows:
                try:
                    yield _contact(row, zone, now, source)
                except ValueError as error:
                    yield Rejected(rows.line_num, str(error))
    except OSError as error:
        raise IntakeError(f"{path}: cannot read call records: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise IntakeError(f"{path}: not a CSV file in UTF-8: {type(error).__name__}") from error


def _check_header(path: Path, names: object) -> None:
    found = set(names) if isinstance(names, list) else set()
    if missing := [column for column in _REQUIRED if column not in found]:
        raise IntakeError(f"{path}: line 1 lacks the column {', '.join(missing)}; columns are {', '.join(COLUMNS)}")


def _contact(row: dict[str, str | None], zone: ZoneInfo, now: datetime, source: str) -> EndedContact:
    value = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not value["call_id"]:
        raise ValueError("call_id is empty")
    return EndedContact(
        source=source,
        source_call_id=value["call_id"],
        ended_at=_moment(value["ended_at"], zone, now),
        number=value["number"] or None,
        queue=value["queue"],
        wait_seconds=_seconds("wait_seconds", value["wait_seconds"] or "0"),
        talk_seconds=_seconds("talk_seconds", value["talk_seconds"] or "0"),
        direction=_direction(value["direction"] or "inbound"),
        answered=_flag(value["answered"] or "1"),
    )


def _moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """ISO 8601; without an offset it is the municipality's local time."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError("ended_at is no time; write 2026-11-21T14:05:00") from None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    if moment.year < _FIRST_YEAR or moment > now + _CLOCKS_DIFFER:
        raise ValueError("ended_at lies in the future or in another century")
    return moment


def _seconds(name: str, text: str) -> int:
    try:
        seconds = int(text)
    except ValueError:
        raise ValueError(f"{name} is no whole number") from None
    if not 0 <= seconds <= 86_400:
        raise ValueError(f"{name} is not within a day")
    return seconds


def _direction(text: str) -> Direction:
    try:
        return Direction(text.lower())
    except ValueError:
        raise ValueError(f"direction is none of {', '.join(Direction)}") from None


def _flag(text: str) -> bool:
    if text.lower() in _TRUE | _FALSE:
        return text.lower() in _TRUE
    raise ValueError("answered is neither 1 nor 0")
