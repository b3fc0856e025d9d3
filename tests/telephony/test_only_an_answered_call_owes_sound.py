"""A PBX may open the sound by 183 and send none until somebody answers: it goes on ringing."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS
from pbx.sipp import Sipp, missing

from appliance.telephony import _slot
from appliance.telephony._slot import Slot


class SilentCall:
    """Not one packet comes."""

    handle = 1
    packets = 0
    ends = 0

    def audio(self) -> "SilentCall":
        return self

    def startTransmit(self, sink: object) -> None:  # noqa: N802 -- pjsua2's name
        """To nobody."""

    def packets_received(self) -> int:
        return self.packets

    def end(self) -> None:
        self.ends += 1


class Clock:
    now = 1000.0

    def monotonic(self) -> float:
        return self.now


def test_silence_counts_from_the_answer_and_not_before(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Clock()
    monkeypatch.setattr(_slot, "time", clock)
    slot = Slot(Path("unused.wav"), cast("Any", None), cast("Any", SilentCall()))
    for _ in range(2):  # what the last call was is forgotten
        slot.occupy(cast("Any", SilentCall()))
        slot.media_ready()
        clock.now += 60
        assert not slot.is_deserted(clock.now)
        slot.answered()
        assert not slot.is_deserted(clock.now + 9.9)
        assert slot.is_deserted(clock.now + 10.1)
        slot.vacate()


@pytest.mark.parametrize("packets", [0, 1])
def test_a_call_that_never_had_any_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, packets: int
) -> None:
    clock, call = Clock(), SilentCall()
    monkeypatch.setattr(_slot, "time", clock)
    slot = Slot(Path("unused.wav"), cast("Any", None), cast("Any", SilentCall()))
    slot.occupy(cast("Any", call))
    slot.media_ready()
    slot.answered()
    call.packets = packets
    slot.end_if_deserted(clock.now)
    assert call.ends == 0
    for second in (11, 12):
        slot.end_if_deserted(clock.now + second)
    assert call.ends == 2
    told = ["no sound from the address that the PBX named; see sip.trusted_addresses"]
    assert caplog.messages == ([] if packets else told)


@pytest.mark.slow
@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_a_pbx_that_rings_long_without_a_sound_is_waited_for(tmp_path: Path, box_at: Callable[..., Box]) -> None:
    with Sipp(tmp_path / "sipp", "rings_without_sound", echoes=False) as pbx:
        box = box_at(pbx.port)
        interview = box.queue(CITIZENS["is_a_phone"])
        with box.line():
            wait_until(lambda: "183 Session Progress" in pbx.messages(), 30)
            wait_until(lambda: box.is_picked_up(interview) or box.attempts(interview)[0].outcome, 30)
            assert box.is_picked_up(interview)
            time.sleep(3)
            assert box.attempts(interview)[0].outcome is None, "the silence before the answer ended it"
