"""A telephone behind a real PBX puts the box on hold by re-INVITE, and takes it back."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest
from pbx.asterisk import Asterisk
from pbx.baresip import Baresip
from pbx.box import Box, wait_until
from pbx.citizens import ANSWERS, CITIZENS
from pbx.hearing import places_heard

from appliance.types import InterviewId, Outcome


def start(box: Box, interview: InterviewId, phone: Baresip) -> None:
    wait_until(lambda: box.is_picked_up(interview), 30)
    time.sleep(1)
    phone.press("1")
    wait_until(lambda: box.has_started(interview), 10)


def answer_all(box: Box, interview: InterviewId, phone: Baresip) -> None:
    for number in range(len(ANSWERS)):
        phone.press(ANSWERS[number])
        wait_until(lambda n=number: box.answers(interview) == ANSWERS[: n + 1], 5, "a key did not count")  # type: ignore[misc]
        time.sleep(0.6)


@pytest.mark.slow
@pytest.mark.parametrize("register", [True, False], ids=["registered", "trunk"])
def test_what_is_asked_during_a_hold_is_heard_after_it(
    asterisk: Asterisk, box_on: Callable[..., Box], phone: Baresip, register: bool
) -> None:
    box = box_on(asterisk, register=register)
    asterisk.listen_in()
    interview = box.queue(CITIZENS["is_a_phone"])
    with box.line():
        start(box, interview, phone)
        time.sleep(3)
        phone.hold()
        wait_until(lambda: asterisk.sip_messages().count("a=sendonly") >= 2, 10, "no hold reached the box")
        time.sleep(2)
        phone.resume()
        time.sleep(3)
        answer_all(box, interview, phone)
        phone.hang_up()
        wait_until(lambda: box.is_over(interview), 20)
        assert box.outcome(interview) is Outcome.COMPLETED
    assert asterisk.channels() == 0
    places = places_heard("question_treatment", asterisk.heard()[-1])
    again = [number for number, (now, after) in enumerate(pairwise(places)) if after < now]
    assert len(again) == 1, f"the question is not asked again from its beginning: {places}"
