"""Call records as a PBX would write them, with numbers that PTS reserves for fiction."""

import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from made_up import MadeUp

from appliance.custody.keys import load_keys
from appliance.intake.adapter import Desk
from appliance.intake.inbox import Inbox, inbox_directory
from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import Database
from appliance.types import Direction, DrawReason, EndedContact

NOW = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")
NUMBERS = tuple(f"070-174 06 {last:02}" for last in range(5, 100))
HEADER = "call_id,ended_at,number,queue,wait_seconds,talk_seconds,direction,answered"


def contact(
    call_id: str = "1",
    number: str | None = NUMBERS[0],
    *,
    queue: str = "Växel",
    at: datetime = NOW,
    talk_seconds: int = 120,
    direction: Direction = Direction.INBOUND,
    answered: bool = True,
) -> EndedContact:
    """A contact that is surveyed unless told otherwise."""
    return EndedContact("test", call_id, at, number, queue, 30, talk_seconds, direction, answered)


def row(call_id: str, number: str = NUMBERS[0], ended_at: str = "2026-11-24T15:00:00", queue: str = "Växel") -> str:
    return f"{call_id},{ended_at},{number},{queue},30,120,inbound,1"


def write(path: Path, *rows: str, header: str = HEADER, encoding: str = "utf-8") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes("".join(f"{line}\n" for line in (header, *rows)).encode(encoding))
    return path


def put(
    box: MadeUp, name: str, *rows: str, age_seconds: float = 60, header: str = HEADER, encoding: str = "utf-8"
) -> Path:
    """Lay a file into the inbox."""
    path = write(inbox_directory(box.directory) / name, *rows, header=header, encoding=encoding)
    then = time.time() - age_seconds
    os.utime(path, (then, then))
    return path


def settings_with(**sections: Mapping[str, object]) -> Settings:
    """Settings in which every eligible contact is drawn."""
    dialer = {"share": 1.0, **sections.get("dialer", {})}
    return Settings.model_validate({**sections, "dialer": dialer})


def register_of(db: Database, directory: Path, settings: Settings | None = None) -> Register:
    return Register(db, load_keys(directory), settings or settings_with())


def inbox_of(box: MadeUp, settings: Settings | None = None) -> Inbox:
    settings = at_home(box, settings or settings_with())
    return Inbox(Desk(box.db, Register(box.db, box.keys, settings), settings, STOCKHOLM))


def at_home(box: MadeUp, settings: Settings) -> Settings:
    """The same settings, stored in the box."""
    return settings.model_copy(update={"storage": settings.storage.model_copy(update={"directory": box.directory})})


def sweep(inbox: Inbox, now: datetime = NOW) -> None:
    """Take in whatever lies there."""
    while inbox.step(now):
        pass


def reasons(db: Database) -> list[DrawReason]:
    """Of all contacts, in the order they were recorded."""
    return [DrawReason(row[0]) for row in db.execute("SELECT reason FROM contacts ORDER BY id")]
