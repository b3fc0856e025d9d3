"""The machine that the box is: its processor and its memory, as far as we may use them."""

import os
import re
from pathlib import Path

_MEMORY_LIMITS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")


def cores() -> int:
    """Processor cores that this process may run on."""
    return len(os.sched_getaffinity(0))


def processor() -> str:
    """The processor's name as the kernel gives it, empty where it gives none."""
    return _first(r"^model name\s*:\s*(.+)$", "/proc/cpuinfo")


def memory_bytes() -> int:
    """All memory of the machine, or of the container that it is; 0 where that cannot be read."""
    kibibytes = _first(r"^MemTotal:\s*(\d+) kB$", "/proc/meminfo")
    limits = [int(kibibytes) << 10] if kibibytes else []
    limits += [int(found) for path in _MEMORY_LIMITS if (found := _first(r"^(\d+)$", path))]
    return min(limits, default=0)


def _first(pattern: str, path: str) -> str:
    """What a pattern finds first in a file of the kernel's."""
    try:
        found = re.search(pattern, Path(path).read_text(encoding="utf-8", errors="replace"), re.MULTILINE)
    except OSError:
        return ""
    return found[1].strip() if found else ""
