"""What the machine says of the time: its clock, which anybody may set, and how long it has run, which nobody can."""

import ctypes
import time
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Final

TIMESYNCD: Final = Path("/run/systemd/timesync/synchronized")
"""systemd-timesyncd touches it whenever a time server has told it the time."""
_BOOT_ID: Final = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR: Final = 5
"""adjtimex(2): the clock is not synchronized."""
_TIMEX_BYTES: Final = 512
"""More than struct timex has on any machine; all zero, it asks and sets nothing."""
_JUST_NOW: Final = timedelta(minutes=1)
"""A file touched before the clock was set looks older than this, or lies ahead."""


def kernel_says() -> bool | None:
    """Whether the kernel's clock is synchronized, None where it does not tell (as in our services' sandbox)."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR


class Timepiece:
    """The clock and the running time of the machine that we run on."""

    @cached_property
    def start(self) -> str:
        """Names the machine's start: another one after each."""
        return _BOOT_ID.read_text(encoding="ascii").strip()

    def running(self) -> timedelta:
        """Since that start, its sleep included; no setting of the clock changes it."""
        return timedelta(seconds=time.clock_gettime(time.CLOCK_BOOTTIME))

    def wall(self) -> datetime:
        return datetime.now(UTC)

    def is_synchronized(self) -> bool:
        """Whether a time server answers for the clock as it stands now."""
        if (said := kernel_says()) is not None:
            return said
        try:
            touched_at = datetime.fromtimestamp(TIMESYNCD.stat().st_mtime, UTC)
        except OSError:
            return False
        return abs(self.wall() - touched_at) <= _JUST_NOW
