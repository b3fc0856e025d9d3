"""Live recordings lie in memory: plain speech never touches a disk."""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "live recordings lie in memory"
_MEMORY_TYPES: Final = {"tmpfs", "ramfs"}
_MIN_FREE_BYTES: Final = 64 << 20
"""Thirty recordings of the greatest length."""


def run(context: Context) -> Iterator[Issue]:
    directory = context.settings.storage.memory_directory
    where = f"storage.memory_directory {directory}"
    if not directory.is_dir():
        todo = "run: systemctl start efterklang.target, which makes it; or name one that is there, such as /dev/shm"
        yield Issue("memory", Severity.ERROR, "the directory is not there", where, todo)
        return
    kind = filesystem_of(directory, Path("/proc/self/mounts").read_text(encoding="utf-8"))
    if kind not in _MEMORY_TYPES:
        what = f"it is on a disk ({kind}), where speech would lie in plain"
        todo = "name a folder on tmpfs, such as /dev/shm or /run/efterklang"
        yield Issue("memory", Severity.ERROR, what, where, todo)
    if not os.access(directory, os.W_OK | os.X_OK):
        yield Issue("memory", Severity.ERROR, "it cannot be written", where, f"run: chown efterklang: {directory}")
    free = shutil.disk_usage(directory).free
    if kind != "ramfs" and free < _MIN_FREE_BYTES:  # ramfs knows no size
        what = f"only {free / 1e6:.0f} MB are free"
        yield Issue("memory", Severity.WARNING, what, where, "see what fills it, or give it more memory")


def filesystem_of(path: Path, mounts: str) -> str:
    """The type of the file system that a path lies on, by a text such as /proc/self/mounts."""
    real = path.resolve()
    best, kind = Path(), "unknown"
    for line in mounts.splitlines():
        _, point, found, *_ = line.split(" ")
        mounted = Path(re.sub(r"\\(\d{3})", lambda escape: chr(int(escape[1], 8)), point))
        # A later mount on the same place hides the earlier one.
        if real.is_relative_to(mounted) and len(mounted.parts) >= len(best.parts):
            best, kind = mounted, found
    return kind
