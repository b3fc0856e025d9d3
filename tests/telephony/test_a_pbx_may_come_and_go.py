"""A real PBX is away, comes back, dies in mid-call: no waiting call is lost, no answer is, and it has us again soon."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import Final

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import ANSWERS, CITIZENS

from appliance.types import InterviewId, Outcome

TRANSPORTS: Final = ("udp", "tcp", "tls")
BACK_SECONDS: Final = 60.0
"""From the PBX's return to our registration."""
BUSY_MACHINE_SECONDS: Final = 5.0


@pytest.mark.slow
def test_the_queue_waits_for_a_pbx_that_is_away(fresh_asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    boxes = [box_on(fresh_asterisk, transport=transport) for transport in TRANSPORTS]
    calls = [(box, box.queue(CITIZENS["no_comment"])) for box in boxes]
    fresh_asterisk.kill()
    with ExitStack() as lines:
        for box in boxes:
            lines.enter_context(box.line())
        time.sleep(45)  # long enough for SIP over UDP to give up, and for some tries by TCP
        assert [box.attempts(interview) for box, interview in calls] == [[], [], []]
        fresh_asterisk.start()
        assert_back(fresh_asterisk, boxes)
        wait_until(lambda: all(box.is_over(interview) for box, interview in calls), 60)
    assert [box.outcome(interview) for box, interview in calls] == [Outcome.COMPLETED] * 3
    assert [box.rings(interview) for box, interview in calls] == [1] * 3
    assert fresh_asterisk.channels() == 0


@pytest.mark.slow
def test_a_pbx_that_restarts_in_mid_call_costs_no_answer(fresh_asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    boxes = [box_on(fresh_asterisk, transport=transport, calls_per_process=1) for transport in TRANSPORTS]
    calls = [(box, box.queue(CITIZENS["answers_three_and_waits"])) for box in boxes]
    with ExitStack() as lines:
        for box in boxes:
            lines.enter_context(box.line())
        wait_until(lambda: all(box.answers(interview) == ANSWERS[:3] for box, interview in calls), 90)
        fresh_asterisk.kill()
        following = [(box, box.queue(CITIZENS["no_comment"])) for box in boxes]
        fresh_asterisk.start(forget=True)
        assert_back(fresh_asterisk, boxes)
        wait_until(lambda: all(box.is_over(interview) for box, interview in calls), 90)
        wait_until(lambda: all(has_slot_again(box, interview) for box, interview in following), 180)
    assert [box.outcome(interview) for box, interview in calls] == [Outcome.PARTIAL] * 3
    assert [box.answers(interview) for box, interview in calls] == [ANSWERS[:3]] * 3
    assert fresh_asterisk.channels() == 0


@pytest.mark.slow
def test_a_call_whose_sound_has_gone_is_ended(fresh_asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(fresh_asterisk)
    interview = box.queue(CITIZENS["answers_three_and_waits"])
    fresh_asterisk.listen_in()
    with box.line():
        wait_until(lambda: box.answers(interview) == ANSWERS[:3], 60)
        fresh_asterisk.pause()  # it takes no packet and sends none, and nothing tells so
        gone_at = time.monotonic()
        time.sleep(10 + BUSY_MACHINE_SECONDS)
        fresh_asterisk.resume()  # what had come meanwhile is still in its socket: our BYE is
        wait_until(lambda: box.is_over(interview), 30)
        assert time.monotonic() - gone_at < 25
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.PARTIAL, ANSWERS[:3])
    assert fresh_asterisk.channels() == 0


@pytest.mark.slow
def test_staff_are_told_at_once_that_the_pbx_is_away(fresh_asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(fresh_asterisk, transport="tcp")
    fresh_asterisk.kill()
    begun = time.monotonic()
    status, result = dial(box, CITIZENS["completes"].number)
    assert (status, result["outcome"]) == (1, Outcome.TRUNK_FAULT)
    assert time.monotonic() - begun < 40


@pytest.mark.slow
def test_staff_can_make_one_call(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    status, result = dial(box_on(asterisk), CITIZENS["no_comment"].number)
    assert (status, result["outcome"], result["comment"]) == (0, Outcome.COMPLETED, None)
    assert sorted(result["answers"].values()) == sorted(int(key) for key in ANSWERS)


def assert_back(exchange: Asterisk, boxes: list[Box]) -> None:
    """Each box is registered within a minute of the PBX's return."""
    back_at = time.monotonic()
    wait_until(lambda: exchange.contacts() >= len(boxes), BACK_SECONDS + BUSY_MACHINE_SECONDS, "not registered again")
    print(f"registered again after {time.monotonic() - back_at:.1f} s")  # noqa: T201 -- the measured figure


def has_slot_again(box: Box, interview: InterviewId) -> bool:
    return any(attempt.outcome is Outcome.COMPLETED for attempt in box.attempts(interview))


def dial(box: Box, number: str) -> tuple[int, dict[str, object]]:
    command = [sys.executable, "-m", "appliance", "--config", str(box.config), "dial", number, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    return done.returncode, json.loads(done.stdout)
