"""What went over the wire between a box and its exchange: each call's answer, keys and audio, by the kernel's clock."""

import re
import shutil
import struct
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

_ETHERNET: Final = 14
_A_LAW: Final = 8
_KEYS: Final = "0123456789*#"
_INVITE: Final = re.compile(rb"INVITE sip:([^@;>\s]+)@")
_CALL_ID: Final = re.compile(rb"^Call-ID: *(\S+)", re.IGNORECASE | re.MULTILINE)
_CSEQ: Final = re.compile(rb"^CSeq: *\d+ +(\w+)", re.IGNORECASE | re.MULTILINE)
_AUDIO: Final = re.compile(rb"^m=audio (\d+) ", re.MULTILINE)
_EVENTS: Final = re.compile(rb"^a=rtpmap:(\d+) telephone-event", re.MULTILINE)


@dataclass
class Talk:
    """One answered call; times in seconds of the kernel's clock, as the packets passed the exchange's side."""

    number: str
    answered_at: float
    box_port: int
    pbx_port: int
    events_type: int
    ended_at: float = 0.0
    keys: list[tuple[float, str]] = field(default_factory=list)
    """When each key's first packet left the exchange."""
    heard: list[tuple[float, bytes]] = field(default_factory=list)
    """What the box sent: A-law, 20 ms a packet."""


@contextmanager
def capture(file: Path) -> Iterator[None]:
    """Everything UDP on loopback into a file, by tcpdump (root)."""
    program = shutil.which("tcpdump")
    assert program, "needs tcpdump: apt-get install tcpdump"
    command = [program, "-i", "lo", "-w", str(file), "-s", "2048", "-B", "65536", "-Z", "root", "udp"]
    tcpdump = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert tcpdump.stderr
    try:
        assert any("listening" in line for line in tcpdump.stderr), "tcpdump has ended at once"
        yield
        time.sleep(1)
    finally:
        tcpdump.terminate()
        said = tcpdump.stderr.read()
        tcpdump.wait()
    assert "\n0 packets dropped by kernel" in said, said


def talks(file: Path, pbx_port: int) -> list[Talk]:
    """The calls that came to an exchange on that SIP port, in the order in which they were answered."""
    reader = _Reader(pbx_port)
    for at, source, target, body in _datagrams(file):
        reader.read(at, source, target, body)
    return reader.talks


def _datagrams(file: Path) -> Iterator[tuple[float, int, int, memoryview]]:
    data = memoryview(file.read_bytes())
    assert struct.unpack_from("<I", data)[0] == 0xA1B2C3D4, "not a pcap file with microseconds"
    position = 24
    while position + 16 <= len(data):
        seconds, micros, length, _ = struct.unpack_from("<IIII", data, position)
        frame = data[position + 16 : position + 16 + length]
        position += 16 + length
        udp = _ETHERNET + (frame[_ETHERNET] & 15) * 4
        if len(frame) >= udp + 8:
            source, target = struct.unpack_from(">HH", frame, udp)
            yield seconds + micros / 1e6, source, target, frame[udp + 8 :]


class _Reader:
    def __init__(self, pbx_port: int) -> None:
        self.talks: list[Talk] = []
        self._pbx_port = pbx_port
        self._offers: dict[bytes, tuple[str, int]] = {}
        self._by_id: dict[bytes, Talk] = {}
        self._to_pbx: dict[tuple[int, int], Talk] = {}
        self._to_box: dict[tuple[int, int], Talk] = {}
        self._last_event: dict[int, int] = {}

    def read(self, at: float, source: int, target: int, body: memoryview) -> None:
        if self._pbx_port in (source, target):
            self._sip(at, bytes(body), to_pbx=target == self._pbx_port)
        elif talk := self._to_pbx.get((source, target)):
            if len(body) > 12 and body[1] & 127 == _A_LAW:
                talk.heard.append((at, bytes(body[12:])))
        elif (talk := self._to_box.get((source, target))) and body[1] & 127 == talk.events_type:
            begun = struct.unpack_from(">I", body, 4)[0]
            if self._last_event.get(source) != begun:
                self._last_event[source] = begun
                talk.keys.append((at, _KEYS[body[12]]))

    def _sip(self, at: float, message: bytes, *, to_pbx: bool) -> None:
        call_id, sequence = _CALL_ID.search(message), _CSEQ.search(message)
        if not (call_id and sequence):
            return
        if to_pbx and (invite := _INVITE.match(message)) and (audio := _AUDIO.search(message)):
            self._offers.setdefault(call_id[1], (invite[1].decode(), int(audio[1])))
        elif not to_pbx and message.startswith(b"SIP/2.0 200") and sequence[1] == b"INVITE":
            self._answer(at, call_id[1], message)
        elif message.startswith(b"BYE ") and (talk := self._by_id.get(call_id[1])):
            talk.ended_at = talk.ended_at or at

    def _answer(self, at: float, call_id: bytes, message: bytes) -> None:
        audio, events = _AUDIO.search(message), _EVENTS.search(message)
        if call_id in self._by_id or call_id not in self._offers or not audio:
            return
        number, box_port = self._offers[call_id]
        talk = Talk(number, at, box_port, int(audio[1]), int(events[1]) if events else -1)
        self.talks.append(talk)
        self._by_id[call_id] = talk
        self._to_pbx[box_port, talk.pbx_port] = self._to_box[talk.pbx_port, box_port] = talk
