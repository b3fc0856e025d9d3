"""Somebody on the network who sends sound to the ports of a live call: the citizen is heard all the same."""

import os
import socket
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import ANSWERS, CITIZENS

from appliance.types import Outcome

STRANGER = "127.0.0.9"
PACKET_SECONDS = 0.02


def udp_ports(pid: int) -> set[int]:
    """Where a process waits for datagrams."""
    links = [str(handle.readlink()) for handle in Path(f"/proc/{pid}/fd").iterdir() if handle.is_symlink()]
    inodes = {link[len("socket:[") : -1] for link in links if link.startswith("socket:")}
    rows = [line.split() for line in Path("/proc/net/udp").read_text(encoding="ascii").splitlines()[1:]]
    return {int(row[1].rpartition(":")[2], 16) for row in rows if row[9] in inodes}


@contextmanager
def sound_from_a_stranger(pid: int) -> Iterator[list[int]]:
    """RTP of its own to every port of the process, 50 packets a second; gives how many were sent."""
    sent, stop = [0], threading.Event()

    def send() -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as source:
            source.bind((STRANGER, 0))
            while not stop.wait(PACKET_SECONDS):
                header = struct.pack("!BBHII", 0x80, 8, sent[0] & 0xFFFF, sent[0] * 160, os.getpid())
                for port in udp_ports(pid):
                    source.sendto(header + b"\xd5" * 160, ("127.0.0.1", port))
                    sent[0] += 1

    thread = threading.Thread(target=send)
    thread.start()
    try:
        yield sent
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
def test_every_key_counts(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(asterisk)
    citizen = CITIZENS["no_comment"]
    interview = box.queue(citizen)
    with box.line() as child:
        wait_until(lambda: box.is_picked_up(interview), 30, "nobody picks up")
        with sound_from_a_stranger(child.pid) as sent:
            wait_until(lambda: box.is_over(interview), 90, "the call does not end")
    assert sent[0] > 500
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.COMPLETED, ANSWERS)
