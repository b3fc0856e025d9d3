"""Key 2 through Asterisk, with the real line process."""

from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS

from appliance.store import interviews, promises
from appliance.types import InterviewId, Outcome

STOCKHOLM = ZoneInfo("Europe/Stockholm")
PATIENCE_SECONDS = 40


@pytest.fixture
def box(asterisk: Asterisk, box_on: Callable[..., Box]) -> Box:
    return box_on(asterisk, register=False)


def check_it_waits_for_tomorrow_morning(box: Box, interview: InterviewId) -> None:
    attempt = promises.to_keep(box.db)[interview]
    rung, due = interviews.begun_at(box.db, attempt), promises.given_in(box.db, attempt)
    assert due is not None
    tomorrow = rung.astimezone(STOCKHOLM).date() + timedelta(days=1)
    assert due == datetime.combine(tomorrow, time(9), STOCKHOLM)


def test_the_citizen_is_rung_once_more_when_the_time_has_come(box: Box) -> None:
    interview = box.queue(CITIZENS["puts_off"])
    with box.line():
        wait_until(lambda: interview in promises.to_keep(box.db), PATIENCE_SECONDS)
        check_it_waits_for_tomorrow_morning(box, interview)
        assert box.rings(interview) == box.settings.dialer.max_attempts == 1
        interviews.requeue(box.db, interview, datetime.now(UTC))  # as if the night had passed
        wait_until(lambda: box.last_outcome(interview) and box.rings(interview) == 2, PATIENCE_SECONDS)
    assert [attempt.outcome for attempt in box.attempts(interview)] == [Outcome.NO_START] * 2
    check_it_waits_for_tomorrow_morning(box, interview)


def test_the_promise_outlives_a_line_that_is_killed_before_the_call_ends(box: Box) -> None:
    interview = box.queue(CITIZENS["puts_off"])
    in_five_hours = datetime.now(UTC) + timedelta(hours=5)
    with box.line() as line:
        wait_until(lambda: box.due_at(interview) > in_five_hours, PATIENCE_SECONDS)
        line.kill()
    assert box.attempts(interview)[0].outcome is None, "the call was still going on"
    with box.line():
        wait_until(lambda: interview in promises.to_keep(box.db), PATIENCE_SECONDS)
    check_it_waits_for_tomorrow_morning(box, interview)
