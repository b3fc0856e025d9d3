"""The machine that the box is: its processor and its memory, as far as we may use them."""

import os
import re
from pathlib import Path
from typing import Final

_GROUPS: Final = Path("/sys/fs/cgroup")


def cores() -> int:
    """Processor cores that this process may run on."""
    return len(os.sched_getaffinity(0))


def processor() -> str:
    """The processor's name as the kernel gives it, empty where it gives none."""
    return _first(r"^model name\s*:\s*(.+)$", Path("/proc/cpuinfo"))


def memory_bytes() -> int:
    """Memory that this process may use: the machine's, or what its service or container is given; 0 if not known."""
    kibibytes = _first(r"^MemTotal:\s*(\d+) kB$", Path("/proc/meminfo"))
    limits = [int(kibibytes) << 10] if kibibytes else []
    group = _GROUPS / _first(r"^0::/(.*)$", Path("/proc/self/cgroup"))
    said = (_first(r"^(\d+)$", folder / "memory.max") for folder in (group, *group.parents))
    return min([*limits, *(int(limit) for limit in said if limit)], default=0)


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
