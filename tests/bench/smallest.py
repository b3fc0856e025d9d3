"""The smallest message that kills a line all by itself."""

import socket
import time
from collections.abc import Sequence

from bench.rig import Rig, free_port

_MOST_TRIES = 60


def smallest_that_kills(box: Rig, last: Sequence[bytes]) -> bytes | None:
    """Of the messages before a death, the latest that does it alone, without the parts that do not matter."""
    tries = 0
    for text in reversed(last):
        if kills(box, text):
            break
    else:
        return None
    pieces = 2
    while pieces <= len(text) and tries < _MOST_TRIES:
        size = max(1, len(text) // pieces)
        for begin in range(0, len(text), size):
            tries += 1
            shorter = text[:begin] + text[begin + size :]
            if shorter and kills(box, shorter):
                text = shorter
                break
        else:
            pieces *= 2
    return text


def kills(box: Rig, text: bytes) -> bool:
    """Send it to a fresh line, outside any call."""
    line = box.line(9, free_port())
    try:
        time.sleep(1.5)
        kind = socket.SOCK_DGRAM if box.transport == "udp" else socket.SOCK_STREAM
        with socket.socket(socket.AF_INET, kind) as us:
            us.connect(("127.0.0.1", line.port))
            us.sendall(text)
            time.sleep(0.5)
        return not line.alive
    finally:
        line.stop()
