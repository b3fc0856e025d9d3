"""By REFER, or an INVITE with Replaces, PJSIP would by itself ring whom it is told, and lose track of the live call."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.hostile_pbx import Dialog, HostilePbx
from bench.rig import Process, free_port, rig
from bench.sip_text import SDP, Ends, header, request, status_of
from bench.wire import UdpWire


class LiveCall:
    """One call of a real line, with us as the PBX."""

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


@pytest.fixture
def call(tmp_path: Path) -> Iterator[LiveCall]:
    with rig(tmp_path) as box:
        port, pbx_port = free_port(), free_port()
        wire = UdpWire(pbx_port, port)
        live = LiveCall(
            HostilePbx(wire, Ends("127.0.0.1", pbx_port, port), random.Random(1)), box.line(1, pbx_port, port)
        )
        box.feed(1)
        end = time.monotonic() + 20
        while not any(text.startswith(b"ACK") for text in live.said):
            assert time.monotonic() < end, live.line.log.read_text()
            live.listen(0.1)
        yield live
        wire.close()


def test_a_refer_in_a_call_is_declined_and_nobody_is_rung(call: LiveCall) -> None:
    [dialog] = call.pbx.dialogs.values()
    call.pbx.wire.send(call.pbx._inside("REFER", dialog))
    call.listen(1.5)
    assert call.replies("REFER") == [603]
    assert len(call.pbx.dialogs) == 1
    assert call.line.alive


def test_a_call_is_not_replaced_by_another(call: LiveCall) -> None:
    [dialog] = call.pbx.dialogs.values()
    tags = f"to-tag={dialog.theirs.partition(';tag=')[2]};from-tag=pbx"
    replaces = (("Replaces", f"{dialog.call_id};{tags}"),)
    sdp = SDP.format(port=4000)
    call.pbx.wire.send(request("INVITE", call.pbx.ends, random.Random(2), sdp, more=replaces))
    call.listen(1.5)
    assert [status for status in call.replies("INVITE") if status >= 200][:1] == [603]
    assert not any(text.startswith(b"BYE") for text in call.said)
    assert call.line.alive
