"""A real disk of a test's own that can be filled to its last byte: a small tmpfs, which only root may mount."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_disk(path: Path, mebibytes: int) -> Iterator[Path]:
    """Mounted at a path while the block runs; the test is skipped where that is not allowed."""
    path.mkdir(mode=0o700, exist_ok=True)
    options = f"size={mebibytes}m,mode=700"
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "small", path], capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"needs to mount a small disk; run as root: {done.stderr.decode().strip()}")
    try:
        yield path
    finally:
        subprocess.run(["umount", "--lazy", path], check=True)


def fill(directory: Path, leave_bytes: int = 0) -> Path:
    """Leave so many bytes free; returns the file that takes the room."""
    filler = directory / "filler"
    free = os.statvfs(directory).f_bavail * os.statvfs(directory).f_frsize
    with filler.open("ab") as file:
        os.posix_fallocate(file.fileno(), filler.stat().st_size, free - leave_bytes)
    return filler
