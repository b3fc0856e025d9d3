"""Every way a call can go, through Asterisk, registered and as a trunk."""

import time
from collections.abc import Callable

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import ANSWERS, CITIZENS, Citizen

from appliance.types import Outcome

LONG = {"voicemail", "silent", "speaks_long", "hangs_up_at_menu"}
RUNG = {name: citizen for name, citizen in CITIZENS.items() if citizen.outcome is not None and name not in LONG}
GREATEST_SECONDS = 180


def check(box: Box, ended: dict[str, int], citizens: dict[str, Citizen]) -> None:
    went = {name: (box.last_outcome(i), box.answers(i), box.has_comment(i)) for name, i in ended.items()}
    assert went == {name: (c.outcome, ANSWERS[: c.answers], c.comment) for name, c in citizens.items()}
    for name, interview in ended.items():
        counted = citizens[name].outcome not in {Outcome.TRUNK_FAULT, Outcome.BAD_NUMBER}
        assert box.rings(interview) == counted, f"{name}: rings"
        if citizens[name].outcome is not Outcome.BAD_NUMBER:  # believed the second time, which may have come already
            assert box.is_over(interview) == counted, f"{name}: a trunk fault is tried again, nothing else"


@pytest.mark.slow
@pytest.mark.parametrize("register", [True, False], ids=["registered", "trunk"])
def test_each_call_has_its_outcome_and_its_answers(
    both_asterisks: Asterisk, box_on: Callable[..., Box], register: bool
) -> None:
    box = box_on(both_asterisks, register=register, dialer={"ring_seconds": 8})
    ended = {name: box.queue(citizen) for name, citizen in RUNG.items()}
    with box.line(1), box.line(2):
        wait_until(lambda: all(box.last_outcome(i) for i in ended.values()), GREATEST_SECONDS)
        time.sleep(1)
        assert both_asterisks.channels() == 0
    check(box, ended, RUNG)
