"""The clock is right: calling hours and deletions hang on it."""

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the clock is kept right"
_TIMESYNCD: Final = Path("/run/systemd/timesync/synchronized")
_TIME_ERROR: Final = 5
"""adjtimex(2): the clock is not synchronized."""
_TIMEX_BYTES: Final = 512
"""More than struct timex has on any machine; all zero, it asks and sets nothing."""


def run(_context: Context) -> Iterator[Issue]:
    synchronized = _TIMESYNCD.exists() or _kernel_says()
    if synchronized is None:
        todo = "run: sudo efterklang check, or timedatectl"
        yield Issue("clock", Severity.UNKNOWN, "the kernel does not tell whether it is right", "clock", todo)
    elif not synchronized:
        todo = "run: timedatectl set-ntp true (apt-get install systemd-timesyncd), with the network's own time server"
        yield Issue("clock", Severity.WARNING, "no time server keeps it right", "clock", todo)


def _kernel_says() -> bool | None:
    """Whether the kernel's clock is synchronized, None where it does not tell."""
    try:
        state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    except (OSError, AttributeError):
        return None
    return None if state < 0 else state != _TIME_ERROR
