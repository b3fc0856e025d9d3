"""By REFER, or an INVITE with Replaces, PJSIP would by itself ring whom it is told, and lose track of the live call."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from bench.sip_text import SDP, request
from telephony.live_call import LiveCall, live_call


@pytest.fixture
def call(tmp_path: Path) -> Iterator[LiveCall]:
    with live_call(tmp_path) as call:
        yield call


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
