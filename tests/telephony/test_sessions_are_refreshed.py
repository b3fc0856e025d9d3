"""Session timers (RFC 4028): a PBX that wants its calls refreshed every 90 s, and one that dies in mid-call."""

import re
import time
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS
from pbx.sipp import Sipp, missing

from appliance.types import Outcome

pytestmark = pytest.mark.slow


def test_a_long_call_lives_through_its_refreshes(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    asterisk.listen_in()
    box = box_on(asterisk, register=False, survey_extension="9000", local_port=asterisk.ports.box)
    with box.line():
        wait_until(box.note, 30)
        asterisk.ring_box(CITIZENS["speaks_long"], "9000")
        wait_until(box.interviews, 30)
        (interview,) = box.interviews()
        wait_until(lambda: box.is_over(interview), 240)
    assert (box.outcome(interview), box.has_comment(interview)) == (Outcome.COMPLETED, True)
    assert "Session-Expires: 90" in asterisk.sip_messages()
    refreshes = re.findall(r"^UPDATE sip:", asterisk.sip_messages(), re.MULTILINE)
    assert len(refreshes) >= 2, "the call was too short to prove anything"
    assert asterisk.channels() == 0


@pytest.mark.skipif(missing() is not None, reason=missing() or "")
def test_a_session_that_nobody_refreshes_ends(tmp_path: Path, box_at: Callable[..., Box]) -> None:
    with ExitStack() as running:
        boxes = []
        for refresher in ("uac", "uas"):
            dead = running.enter_context(Sipp(tmp_path / refresher, "answers_and_dies", refresher=refresher))
            boxes.append(box_at(dead.port))
        calls = [(box, box.queue(CITIZENS["is_a_phone"])) for box in boxes]
        for box in boxes:
            running.enter_context(box.line())
        wait_until(lambda: all(box.has_started(interview) for box, interview in calls), 30)
        begun = time.monotonic()
        wait_until(lambda: all(box.is_over(interview) for box, interview in calls), 130)
        assert time.monotonic() - begun > 40, "it was not the session's end that ended them"
    assert [box.outcome(interview) for box, interview in calls] == [Outcome.PARTIAL] * 2
