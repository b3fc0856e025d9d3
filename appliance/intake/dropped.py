"""Files that others lay into a folder of ours: which of them are whole, and how to open one that nobody can swap."""

import os
import re
import stat
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final

from appliance.errors import IntakeError

_SETTLE_SECONDS: Final = 10.0
"""A file younger than this may still be written to."""
_STALLED_SECONDS: Final = 600.0
"""So may an older one whose last line has not ended, for an upload may stall; then it is taken as it is."""
_UNFINISHED: Final = (".part", ".tmp", ".filepart", ".draft")
_TAKEN: Final = ".taken-"
_OURS: Final = re.compile(r"\.taken-\d{8}T\d{12}-[\w.-]+")
State = tuple[int, int, int, int]
"""Device, inode, nanoseconds of the last write, bytes: whatever happens to a file changes one of them."""


def is_ours(path: Path) -> bool:
    """Whether a file has a name that only we give."""
    return _OURS.fullmatch(path.name) is not None


def ready(folder: Path) -> list[Path]:
    """Files that nobody writes to any more: those begun before, then the oldest."""
    found = []
    for path in filter(is_laid, folder.iterdir()):
        with suppress(FileNotFoundError):
            about = path.lstat()
            if stat.S_ISREG(about.st_mode) and _may_be_taken(path):
                found.append((not is_ours(path), about.st_mtime_ns, path))
    return [path for *_, path in sorted(found)]


def is_laid(path: Path) -> bool:
    """Whether a name is that of a file to take in; what is still being written is called otherwise."""
    if path.name.startswith("."):
        return path.name.startswith(_TAKEN)  # a stranger's as well: nobody else would ever put it away
    return path.suffix.lower() not in _UNFINISHED


def open_plain(path: Path) -> BinaryIO:
    """A plain file; OSError or IntakeError of anything else, which is neither followed nor waited for."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise IntakeError("is no plain file")
    return os.fdopen(descriptor, "rb")


def has_settled(file: BinaryIO) -> bool:
    """Whether it has rested behind the end of a line, or for so long that no more of it will come."""
    about = os.fstat(file.fileno())
    rested_seconds = time.time() - about.st_mtime
    if rested_seconds >= _STALLED_SECONDS:
        return True
    if rested_seconds < _SETTLE_SECONDS or about.st_size == 0:
        return False
    file.seek(about.st_size - 1)
    return file.read(1) == b"\n"


def state_of(about: os.stat_result) -> State:
    return about.st_dev, about.st_ino, about.st_mtime_ns, about.st_size


def _may_be_taken(path: Path) -> bool:
    try:
        with open_plain(path) as file:
            return has_settled(file)
    except (OSError, IntakeError):
        return True  # whoever takes it in says what is wrong with it
