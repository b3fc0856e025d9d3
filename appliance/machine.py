"""The machine that the box is: its processor and its memory, as far as we may use them.

Nothing here looks into /proc but for this process's own part: the sandbox of the services hides all the rest.
"""

import os
import platform
import re
from pathlib import Path
from typing import Final

_GROUPS: Final = Path("/sys/fs/cgroup")


def cores() -> int:
    """Processor cores that this process may run on."""
    return len(os.sched_getaffinity(0))


def processor() -> str:
    """Maker, family and model of the processor, in the kernel's short form: "ven0002fam0019mod0011"."""
    return _first(r"(ven\w+)", Path("/sys/devices/system/cpu/modalias")) or platform.machine()


def memory_bytes() -> int:
    """Memory that this process may use: the machine's, or what its service or container is given."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    group = _GROUPS / _first(r"^0::/(.*)$", Path("/proc/self/cgroup"))
    said = (_first(r"^(\d+)$", folder / "memory.max") for folder in (group, *group.parents))
    return min([machine, *(int(limit) for limit in said if limit)])


def used_memory_bytes() -> int:
    """Resident memory of this process now."""
    return int(_first(r"^VmRSS:\s*(\d+) kB$", Path("/proc/self/status")) or 0) << 10


def _first(pattern: str, path: Path) -> str:
    """What a pattern finds first in a file of the kernel's."""
    try:
        found = re.search(pattern, path.read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError:
        return ""
    return found[1].strip() if found else ""
