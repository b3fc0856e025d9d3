"""What is in memory may be swapped out: then the swap must be encrypted."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "swap keeps no plain speech"
_SWAPS: Final = Path("/proc/swaps")
_BLOCK_DEVICES: Final = Path("/sys/dev/block")


def run(_context: Context) -> Iterator[Issue]:
    try:
        areas = [Path(line.split()[0]) for line in _SWAPS.read_text(encoding="utf-8").splitlines()[1:]]
    except FileNotFoundError:
        yield Issue("swap", Severity.UNKNOWN, "the sandbox hides it", f"{_SWAPS}", "run: sudo efterklang check")
        return
    for area in areas:
        if not is_safe(_block_device(area)):
            todo = "turn it off (swapoff), or encrypt it; the systemd units do not use it (MemorySwapMax=0)"
            yield Issue("swap", Severity.WARNING, "memory may be written to a disk in plain", f"{area}", todo)


def _block_device(area: Path) -> Path:
    """The kernel's folder about the device that a swap partition is, or that a swap file lies on."""
    status = area.stat()
    device = status.st_rdev if stat.S_ISBLK(status.st_mode) else status.st_dev
    return (_BLOCK_DEVICES / f"{os.major(device)}:{os.minor(device)}").resolve()


def is_safe(device: Path) -> bool:
    """Whether a block device is memory (zram) or encrypted, itself or everything that it is made of."""
    identity = device / "dm" / "uuid"
    if device.name.startswith("zram") or (identity.exists() and identity.read_text().startswith("CRYPT-")):
        return True
    below = list((device / "slaves").glob("*"))
    return bool(below) and all(is_safe(each.resolve()) for each in below)
