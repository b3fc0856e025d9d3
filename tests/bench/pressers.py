"""Telephones that this project did not write, pressing keys: Asterisk, and SIPp playing RTP packet by packet."""

import random
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from bench.rig import free_port
from pbx.asterisk import Asterisk
from pbx.citizens import Citizen
from telephony.line_sound import a_law_bytes, key_tone, silence

from appliance.practice.numbers import FICTIONAL_NUMBERS

KEYS: Final = "0123456789*#ABCD"
"""By their RFC 4733 event."""
_DIALLED: Final = KEYS[:12]
_RATE: Final = 8
"""Samples a millisecond."""
_PACKET_MS: Final = 20
_A_LAW, _EVENT = 8, 120
"""Payload types; keys come under the one that PJSIP offers for them."""
_SILENCE: Final = b"\xd5" * _PACKET_MS * _RATE
_SCENARIO: Final = """<?xml version="1.0" encoding="ISO-8859-1" ?>
<scenario name="presses keys">
<recv request="INVITE" />
<send retrans="500"><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:];tag=[pid]-[call_number]
[last_Call-ID:]
[last_CSeq:]
Contact: <sip:[local_ip]:[local_port]>
Content-Type: application/sdp
Content-Length: [len]

v=0
o=- 1 1 IN IP4 [local_ip]
s=-
c=IN IP4 [media_ip]
t=0 0
m=audio [auto_media_port] RTP/AVP 8 120
a=rtpmap:120 telephone-event/8000
]]></send>
<recv request="ACK" rtd="true" />
<nop><action><exec play_pcap_audio="{pcap}"/></action></nop>
<recv request="BYE" />
<send><![CDATA[
SIP/2.0 200 OK
[last_Via:]
[last_From:]
[last_To:]
[last_Call-ID:]
[last_CSeq:]
Content-Length: 0
]]></send>
</scenario>
"""


@dataclass(frozen=True, slots=True)
class Phones:
    """Behind one port: who can be rung there, what each of them presses, and how long that takes at most."""

    port: int
    pressed: dict[str, str]
    seconds: float


Pressers = Callable[[int, int, int, random.Random], AbstractContextManager[list[Phones]]]
"""Takes the number of keys, of ports, of calls at a time on each, and luck."""


@contextmanager
def asterisk(keys: int, ports: int, calls: int, luck: random.Random) -> Iterator[list[Phones]]:
    """SendDTMF; what it is told to press for 60 to 200 ms, it presses for 160 to 260."""
    per_call, group = 125, 5
    citizens, pressed = [], []
    for number in FICTIONAL_NUMBERS[: -(-keys // per_call)]:
        theirs = "".join(luck.choices(_DIALLED, k=min(per_call, keys)))
        keys -= len(theirs)
        groups = (theirs[at : at + group] for at in range(0, len(theirs), group))
        sends = (f"SendDTMF({some},{luck.randint(60, 150)},{luck.randint(60, 200)})" for some in groups)
        citizens.append(Citizen(number, ("Answer()", "Wait(1)", *sends, "Wait(2)", "Hangup()"), None))
        pressed.append((str(number), theirs))
    with Asterisk(citizens=citizens) as pbx:
        yield [Phones(pbx.ports.udp, dict(pressed[part::ports]), 300) for part in range(ports)]


def sipp(keys: int, ports: int, calls: int, luck: random.Random) -> AbstractContextManager[list[Phones]]:
    """RFC 4733, held for 60 to 200 ms each after 60 to 150 ms."""
    return _sipp(events, keys, ports, calls, luck)


def tones(keys: int, ports: int, calls: int, luck: random.Random) -> AbstractContextManager[list[Phones]]:
    """The same as tones in the sound, each key at a level of its own."""
    return _sipp(sound, keys, ports, calls, luck)


@contextmanager
def _sipp(
    packets: Callable[[str, random.Random], Iterator[tuple[int, bytes]]], keys: int, ports: int, calls: int,
    luck: random.Random,
) -> Iterator[list[Phones]]:  # fmt: skip
    """Each port's callers press the same keys; what is lost is their own."""
    with ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory()))
        behind = []
        for part in range(ports):
            theirs = "".join(luck.choices(_DIALLED, k=-(-keys // (ports * calls))))
            sent = list(packets(theirs, luck))
            pcap = folder / f"{part}.pcap"
            pcap.write_bytes(as_pcap(sent))
            scenario = folder / f"{part}.xml"
            scenario.write_text(_SCENARIO.format(pcap=pcap), encoding="ascii")
            port = free_port()
            command = [
                "sipp",
                "-sf",
                scenario,
                "-i",
                "127.0.0.1",
                "-p",
                str(port),
                "-nostdin",
                "-mp",
                str(20000 + part * 100),
            ]
            process = subprocess.Popen(
                command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL
            )
            running.callback(process.wait)
            running.callback(process.kill)
            numbers = map(str, FICTIONAL_NUMBERS[part * calls : (part + 1) * calls])
            behind.append(Phones(port, dict.fromkeys(numbers, theirs), sent[-1][0] / 1000 + 1))
        time.sleep(1)
        yield behind


def sound(keys: str, luck: random.Random) -> Iterator[tuple[int, bytes]]:
    """RTP with tones in it: milliseconds from the beginning, and the packet."""
    pieces = []
    for key in keys:
        pressed = key_tone(key, luck.uniform(0.06, 0.2), luck.uniform(-30, -8), phase=luck.uniform(0, 6))
        pieces += [silence(luck.uniform(0.06, 0.15)), pressed]
    coded = a_law_bytes(np.concatenate([*pieces, silence(0.5)]))
    for sequence, at in enumerate(range(0, len(coded) - len(_SILENCE), len(_SILENCE))):
        yield at // _RATE, _rtp(_A_LAW, sequence, at // _RATE, coded[at : at + len(_SILENCE)])


def events(keys: str, luck: random.Random) -> Iterator[tuple[int, bytes]]:
    """RTP as a phone sends it: milliseconds from the beginning, and the packet. Silence between the keys."""
    now, sequence = 0, 0
    for key in keys:
        held, gap = luck.randint(60, 200), luck.randrange(60, 160, _PACKET_MS)
        for _ in range(gap // _PACKET_MS):
            yield now, _rtp(_A_LAW, sequence, now, _SILENCE)
            now, sequence = now + _PACKET_MS, sequence + 1
        event = KEYS.index(key)
        for passed in range(_PACKET_MS, held, _PACKET_MS):
            body = struct.pack(">BBH", event, 10, passed * _RATE)
            yield now + passed, _rtp(_EVENT, sequence, now, body, begins=passed == _PACKET_MS)
            sequence += 1
        for _ in range(3):
            yield now + held, _rtp(_EVENT, sequence, now, struct.pack(">BBH", event, 0x80 | 10, held * _RATE))
            sequence += 1
        now += -(-held // _PACKET_MS) * _PACKET_MS


def _rtp(kind: int, sequence: int, at_ms: int, body: bytes, *, begins: bool = False) -> bytes:
    return struct.pack(">BBHII", 0x80, kind | begins << 7, sequence & 0xFFFF, at_ms * _RATE, 4711) + body


def as_pcap(sent: list[tuple[int, bytes]]) -> bytes:
    """A capture file of UDP packets on Ethernet; SIPp puts in its own addresses."""
    pieces = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1)]
    for at_ms, rtp in sent:
        udp = struct.pack(">HHHH", 4000, 4000, 8 + len(rtp), 0) + rtp
        ip = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(udp), 0, 0, 64, 17, 0, 0x7F000001, 0x7F000001) + udp
        frame = bytes(12) + b"\x08\x00" + ip
        pieces.append(struct.pack("<IIII", at_ms // 1000, at_ms % 1000 * 1000, len(frame), len(frame)) + frame)
    return b"".join(pieces)
