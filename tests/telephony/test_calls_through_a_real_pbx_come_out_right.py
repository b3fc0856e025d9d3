"""Every way a call can go, through Asterisk, registered and as a trunk."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack
from typing import Final

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import ANSWERS, CITIZENS, Citizen

from appliance.types import InterviewId, Outcome

ALL: Final = {name: citizen for name, citizen in CITIZENS.items() if citizen.outcome is not None}
SOME: Final = {name: CITIZENS[name] for name in ("no_comment", "opts_out", "busy", "early_media_busy", "unknown_404")}
LINES: Final = 3
GREATEST_SECONDS: Final = 240


@pytest.mark.slow
def test_each_call_has_its_outcome_and_its_answers(both_asterisks: Asterisk, box_on: Callable[..., Box]) -> None:
    boxes = [box_on(both_asterisks, register=register, dialer={"ring_seconds": 8}) for register in (True, False)]
    with ExitStack() as lines:
        for box in boxes:
            for number in range(LINES):
                lines.enter_context(box.line(number + 1))
        wait_until(lambda: all(box.note() for box in boxes), 60)  # starting takes the processor
        calls = [(box, queue_all(box, ALL)) for box in boxes]
        for box, interviews in calls:
            wait_until(lambda b=box, i=interviews: have_ended(b, i), GREATEST_SECONDS)  # type: ignore[misc]  # bound now
    for box, interviews in calls:
        check(box, interviews, ALL)
    assert both_asterisks.channels() == 0


def test_some_calls_have_their_outcomes(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(asterisk)
    interviews = queue_all(box, SOME)
    with box.line():
        wait_until(lambda: have_ended(box, interviews), 60)
    check(box, interviews, SOME)
    assert asterisk.channels() == 0


def queue_all(box: Box, citizens: Mapping[str, Citizen]) -> dict[str, InterviewId]:
    """The longest first."""
    by_length = sorted(citizens, key=lambda name: -len(citizens[name].steps))
    return {name: box.queue(citizens[name]) for name in by_length}


def have_ended(box: Box, interviews: Mapping[str, InterviewId]) -> bool:
    return all(box.last_outcome(interview) for interview in interviews.values())


def check(box: Box, interviews: Mapping[str, InterviewId], citizens: Mapping[str, Citizen]) -> None:
    went = {name: (box.last_outcome(i), box.answers(i), box.has_comment(i)) for name, i in interviews.items()}
    assert went == {name: (c.outcome, ANSWERS[: c.answers], c.comment) for name, c in citizens.items()}
    for name, interview in interviews.items():
        counted = citizens[name].outcome not in {Outcome.TRUNK_FAULT, Outcome.BAD_NUMBER}
        assert box.rings(interview) == counted, f"{name}: rings"
        if citizens[name].outcome is not Outcome.BAD_NUMBER:  # believed the second time, which may have come already
            assert box.is_over(interview) == counted, f"{name}: a trunk fault is tried again, nothing else"
