"""Staff stop all calls while a real PBX holds one in every state: all are down within seconds, nothing is lost."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Final

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS

from appliance.store import dialing, trunk
from appliance.store.dialing import DialingState
from appliance.telephony.recording import recordings_directory
from appliance.types import InterviewId, Outcome

STATES: Final = {
    "silent": ("over", Outcome.NO_START, ""),
    "answers_three_and_waits": ("over", Outcome.PARTIAL, "444"),
    "speaks_long": ("over", Outcome.COMPLETED, "444144"),
    "no_answer": ("over", Outcome.NO_ANSWER, ""),
}
"""A prompt plays, a question waits, a comment is recorded, a phone rings; what becomes of each."""
DOWN_SECONDS: Final = 15.0
"""The last prompt lasts six; a busy machine takes its time."""
LINES: Final = 2


def change(box: Box, state: DialingState) -> float:
    assert dialing.change(box.db, state, "anna", datetime.now(UTC))
    return time.monotonic()


@pytest.mark.slow
def test_in_a_prompt_at_a_question_in_a_recording_and_while_it_rings(
    asterisk: Asterisk, box_on: Callable[..., Box]
) -> None:
    box = box_on(asterisk, dialer={"ring_seconds": 100, "max_attempts": 1}, calls_per_process=2)
    folder = recordings_directory(box.settings)
    with ExitStack() as lines:
        for number in range(LINES):
            lines.enter_context(box.line(number + 1))
        wait_until(lambda: bool(box.note()), 60)
        called = {name: box.queue(CITIZENS[name]) for name in ("speaks_long", "answers_three_and_waits")}
        wait_until(lambda: any(path.stat().st_size > 40_000 for path in folder.glob("*.pcm")), 120, "no recording")
        called |= {name: box.queue(CITIZENS[name]) for name in ("silent", "no_answer")}
        wait_until(lambda: box.rings(called["no_answer"]) == 1 and box.is_picked_up(called["silent"]), 30)
        wait_until(lambda: box.answers(called["answers_three_and_waits"]) == "444", 30)
        time.sleep(1)  # the greeting plays
        stopped_at = change(box, DialingState.STOPPED)
        wait_until(lambda: asterisk.channels() == 0, DOWN_SECONDS, "calls are still up")
        print(f"all four down after {time.monotonic() - stopped_at:.1f} s")  # noqa: T201 -- the measured figure
        wait_until(lambda: all(box.is_over(interview) for interview in called.values()), 5)
        waits = box.queue(CITIZENS["no_comment"])
        turned_away(asterisk, box)
        time.sleep(2)
        assert box.attempts(waits) == [], "nobody is rung any more"
        change(box, DialingState.RUNNING)
        wait_until(lambda: box.is_over(waits), 90)
    assert {name: ends(box, called[name]) for name in called} == STATES
    assert [name for name in called if box.has_comment(called[name])] == ["speaks_long"]
    assert box.outcome(waits) is Outcome.COMPLETED
    assert trunk.fault(box.db) is None
    assert not list(folder.glob("*.pcm"))
    assert asterisk.channels() == 0


@pytest.mark.slow
def test_a_pause_lets_the_live_call_go_on_and_begins_no_other(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(asterisk)
    talks = box.queue(CITIZENS["no_comment"])
    with box.line():
        wait_until(lambda: box.has_started(talks), 60)
        change(box, DialingState.PAUSED)
        waits = box.queue(CITIZENS["opts_out"])
        wait_until(lambda: box.is_over(talks), 60)
        time.sleep(2)
        assert box.attempts(waits) == []
        change(box, DialingState.RUNNING)
        wait_until(lambda: box.is_over(waits), 60)
    assert (box.outcome(talks), box.outcome(waits)) == (Outcome.COMPLETED, Outcome.OPTED_OUT)


def ends(box: Box, interview: InterviewId) -> tuple[str, Outcome | None, str]:
    return "over" if box.is_over(interview) else "waits", box.outcome(interview), box.answers(interview)


def turned_away(exchange: Asterisk, box: Box) -> None:
    """Who calls the box while it is stopped gets no answer."""
    before = box.interviews()
    exchange.ring_box(CITIZENS["is_a_phone"], "enkat", registered=True)
    wait_until(lambda: exchange.channels() == 0, 20, "the caller is still held")
    assert box.interviews() == before
