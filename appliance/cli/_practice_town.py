"""The practice municipality's processes."""

import socket
from pathlib import Path
from typing import Final

from appliance.cli._tree import ProcessTree

CALLS_PER_LINE: Final = 4
"""The quick-start wheel of pjsua2 holds no more in one process."""


def start_exchanges_and_lines(tree: ProcessTree, lines: int, deeds: Path | None = None) -> list[int]:
    """For each line an exchange of its own; returns the lines' process ids."""
    ports = [start_exchange(tree, deeds) for _ in range(lines)]
    return [
        tree.start(f"line-{number}", "line", str(number), "--pbx-port", str(port), "--calls", str(CALLS_PER_LINE))
        for number, port in enumerate(ports, 1)
    ]


def start_exchange(tree: ProcessTree, deeds: Path | None = None) -> int:
    """An exchange with its citizens; returns its port on loopback."""
    port = _free_port()
    written = ["--deeds", str(deeds)] if deeds else []
    tree.start(f"citizens on {port}", "citizens", "--port", str(port), "--calls", str(CALLS_PER_LINE), *written)
    return port


def _free_port() -> int:
    """A UDP port on loopback that is free now."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
