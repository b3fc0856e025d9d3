"""Room on the storage's disk: new calls stop long before it is full, and answers have a reserve if it fills anyway."""

import os
import shutil
from pathlib import Path
from typing import Final

from appliance.settings import StorageSettings

RESERVE_BYTES: Final = 32 << 20
"""Room for some thousand answers; let go when the disk is full."""
ANSWERS_BYTES: Final = RESERVE_BYTES // 2
"""What recordings leave free for them."""
_FULL_BYTES: Final = RESERVE_BYTES // 4


def free_bytes(directory: Path) -> int:
    return shutil.disk_usage(directory).free


def least_free_bytes(storage: StorageSettings) -> int:
    """What must be free for new calls to be made."""
    total = shutil.disk_usage(storage.directory).total
    return max(storage.min_free_mib << 20, round(storage.min_free_percent / 100 * total))


def is_short(storage: StorageSettings) -> bool:
    """Whether there is too little room for new calls."""
    return free_bytes(storage.directory) < least_free_bytes(storage)


def hold_reserve(directory: Path) -> bool:
    """Take the reserve where it is not held; False where there is no room for it."""
    path = _reserve(directory)
    if path.exists():
        return True
    if free_bytes(directory) < 2 * RESERVE_BYTES:
        return False
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, RESERVE_BYTES)
        draft.replace(path)
    except OSError:
        draft.unlink(missing_ok=True)
        return False
    return True


def release_reserve(directory: Path) -> bool:
    """Let the reserve go; False where it had gone before."""
    try:
        _reserve(directory).unlink()
    except OSError:
        return False
    return True


def make_room(directory: Path) -> None:
    """Before a write: let the reserve go where the disk is as good as full."""
    if free_bytes(directory) < _FULL_BYTES:
        release_reserve(directory)


def _reserve(directory: Path) -> Path:
    return directory / "reserve"
