"""When every byte of a model was last read: some gigabytes are not read again at every look."""

import contextlib
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from appliance.catalog._kept import write_json
from appliance.catalog._models import MANIFEST, UNREADABLE, Watch, verify
from appliance.errors import ModelError
from appliance.settings import Settings

_FILE: Final = "verified-models.json"


class _Read(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    at: datetime
    stamps: dict[str, tuple[int, int, int, int]]


_ROWS: Final = TypeAdapter(dict[str, _Read])


def verify_noted(
    path: Path, settings: Settings, max_age: timedelta = timedelta(), watch: Watch = lambda *_: None
) -> datetime:
    """Verify a model and note it in the storage; gives when its bytes were read. ModelError as `verify` raises it.

    They are not read again where that was at most `max_age` ago and no file has been touched since, by size, inode,
    and the kernel's times of change. What a disk loses by itself changes none of these: the night reads every byte.
    """
    now, rows, stamps = datetime.now(UTC), _read(settings), _stamps(path)
    known = rows.get(f"{path}")
    if known and known.stamps == stamps and timedelta() <= now - known.at <= max_age:
        return known.at
    verify(path, watch)
    # A storage that cannot be written is another check's finding; here it costs only time.
    with contextlib.suppress(OSError):
        _write(settings, rows | {f"{path}": _Read(at=now, stamps=stamps)})
    return now


def _stamps(path: Path) -> dict[str, tuple[int, int, int, int]]:
    files = (each for each in path.rglob("*") if each.is_file())
    try:
        return {each.relative_to(path).as_posix(): _stamp(each.stat()) for each in files}
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}; {UNREADABLE}") from error


def _stamp(about: os.stat_result) -> tuple[int, int, int, int]:
    return about.st_size, about.st_ino, about.st_mtime_ns, about.st_ctime_ns


def _read(settings: Settings) -> dict[str, _Read]:
    try:
        return _ROWS.validate_json((settings.storage.directory / _FILE).read_bytes())
    except (OSError, ValidationError):
        return {}


def _write(settings: Settings, rows: dict[str, _Read]) -> None:
    """Whole or not at all; models that have gone are forgotten."""
    there = {path: row for path, row in rows.items() if (Path(path) / MANIFEST).exists()}
    write_json(settings.storage.directory / _FILE, _ROWS.dump_python(there, mode="json"))
