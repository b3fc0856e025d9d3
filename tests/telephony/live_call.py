"""One call of a real line, in which the test plays the PBX word by word."""

import random
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bench.hostile_pbx import Dialog, HostilePbx
from bench.rig import Process, free_port, rig
from bench.sip_text import Ends, header, status_of
from bench.wire import UdpWire


class LiveCall:
    """The line, our end of its call, and all that it has said."""

    def __init__(self, pbx: HostilePbx, line: Process) -> None:
        self.pbx, self.line = pbx, line
        self.said: list[bytes] = []

    def listen(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for text in self.pbx.wire.receive(0.05):
                self.said.append(text)
                if text.startswith(b"INVITE"):
                    ours = header(text, "To") + ";tag=pbx"
                    name = header(text, "Call-ID")
                    self.pbx.dialogs[name] = Dialog(name, ours, header(text, "From"), text)
                    self.pbx.wire.send(self.pbx._reply(text, 200))

    def replies(self, method: str) -> list[int]:
        return [status_of(text) for text in self.said if status_of(text) and header(text, "CSeq").endswith(method)]


@contextmanager
def live_call(folder: Path) -> Iterator[LiveCall]:
    """Rung, answered and acknowledged."""
    port, pbx_port = free_port(), free_port()
    with rig(folder) as box, closing(UdpWire(pbx_port, port)) as wire:
        live = LiveCall(
            HostilePbx(wire, Ends("127.0.0.1", pbx_port, port), random.Random(1)), box.line(1, pbx_port, port)
        )
        box.feed(1)
        end = time.monotonic() + 20
        while not any(text.startswith(b"ACK") for text in live.said):
            assert time.monotonic() < end, live.line.log.read_text()
            live.listen(0.1)
        yield live
