"""Calls come first: the analyst takes only what processor time they leave."""

import contextlib
import os
from pathlib import Path
from typing import Final

_NICENESS: Final = 10


def step_back(*, is_idle: bool) -> None:
    """Make every thread of this process modest, and with them all that they start; there is no way back.

    With `is_idle` it runs only where nobody else wants to, and gives way at once; else it is merely nice, so that a
    busy practice municipality on somebody's own machine still gets its texts. systemd's sandbox refuses both, and has
    set CPUSchedulingPolicy=idle itself.
    """
    # The libraries that compute have threads of their own from the moment they are imported.
    for thread in (int(path.name) for path in Path("/proc/self/task").iterdir()):
        with contextlib.suppress(PermissionError, ProcessLookupError):
            if is_idle:
                os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))
            else:
                os.setpriority(os.PRIO_PROCESS, thread, _NICENESS)
