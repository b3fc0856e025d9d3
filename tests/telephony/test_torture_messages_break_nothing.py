"""The messages of RFC 4475, by UDP and TCP, to a real line: it lives, answers within a second, and calls as before."""

import random
import socket
import time
from pathlib import Path

import pytest
from bench.rig import Process, rig, wait_for
from bench.sip_text import Ends, request, status_of

from appliance.store import answers, interviews
from appliance.types import Outcome

MESSAGES = sorted((Path(__file__).parent / "torture").glob("*.sip"))
UNACKNOWLEDGED_SECONDS = 34
"""64 times T1 (RFC 3261): until then each INVITE among them that was answered waits for its ACK and holds a place."""
KINDS = {"udp": socket.SOCK_DGRAM, "tcp": socket.SOCK_STREAM}


@pytest.mark.slow
@pytest.mark.parametrize("transport", KINDS)
def test_a_line_survives_every_one_of_them(tmp_path: Path, transport: str) -> None:
    assert len(MESSAGES) == 49
    with rig(tmp_path, transport=transport) as box:
        phone = box.phone()
        line = box.line(1, phone.port)
        probe = Probe(line, transport)
        wait_for(lambda: probe.seconds() < 1, 20)
        for path in MESSAGES:
            with socket.socket(socket.AF_INET, KINDS[transport]) as us:
                us.connect(("127.0.0.1", line.port))
                us.sendall(path.read_bytes())
                waited = probe.seconds()
            assert line.alive, f"{path.name} kills: {line.log.read_text()}"
            assert waited < 1, f"{path.name} makes it deaf for {waited:.1f} s"
        probe.close()
        time.sleep(UNACKNOWLEDGED_SECONDS)
        [interview] = box.feed(1)
        wait_for(lambda: interviews.is_over(box.db, interview), 40, "the call after them does not end")
        assert interviews.outcome_of(box.db, interview)[1] is Outcome.COMPLETED
        assert len(answers.of_interview(box.db, interview)) == 6


class Probe:
    """Asks OPTIONS on a connection of its own."""

    def __init__(self, line: Process, transport: str) -> None:
        self.line, self.transport = line, transport
        self.open: socket.socket | None = None

    def seconds(self) -> float:
        """How long the line takes to answer, at most ten seconds."""
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < 10:
            try:
                us = self.open or self.connect()
                ends = Ends("127.0.0.1", us.getsockname()[1], self.line.port, self.transport.upper())
                us.sendall(request("OPTIONS", ends, random.Random(), "", ""))
                if status_of(us.recv(65535)):
                    return time.monotonic() - begun
            except OSError:  # lost, or not yet up
                self.close()
                time.sleep(0.02)
        return waited

    def connect(self) -> socket.socket:
        self.open = socket.socket(socket.AF_INET, KINDS[self.transport])
        self.open.settimeout(0.3)
        self.open.connect(("127.0.0.1", self.line.port))
        return self.open

    def close(self) -> None:
        if self.open:
            self.open.close()
            self.open = None
