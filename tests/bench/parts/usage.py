"""What a process uses of the machine."""

import os
from pathlib import Path
from typing import Final

_TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")


def cpu_seconds(pid: int) -> float:
    """Processor time since its start, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND


def memory_mib(pid: int) -> dict[str, float]:
    """RSS, and PSS: shared pages divided by their users."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines()[1:]
    sizes = {line.split(":")[0].lower(): int(line.split()[1]) / 1024 for line in lines}
    return {name: round(sizes[name], 1) for name in ("rss", "pss")}
