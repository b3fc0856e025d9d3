"""The machine itself: what the wheels with machine code were built for."""

import platform
import sys
from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "Python and processor are supported"
_PYTHONS: Final = ((3, 11), (3, 12))


def run(_context: Context) -> Iterator[Issue]:
    if sys.version_info[:2] not in _PYTHONS:
        yield Issue(
            "platform",
            Severity.ERROR,
            f"Python {platform.python_version()} is not supported",
            sys.executable,
            "install again with Python 3.11 or 3.12",
        )
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        yield Issue(
            "platform",
            Severity.ERROR,
            f"{platform.system()} on {platform.machine()} is not supported",
            "this machine",
            "use Linux on x86-64",
        )
