"""Citizens ring the box through Asterisk: as a trunk and as a registered user, one line and two."""

from collections.abc import Callable

import pytest
from pbx.asterisk import Asterisk
from pbx.box import CALLER_ID, Box, wait_until
from pbx.citizens import ANSWERS, CITIZENS, Citizen

from appliance.custody.keys import load_keys
from appliance.custody.sealing import hash_number
from appliance.store import interviews, opt_outs
from appliance.types import Outcome

pytestmark = pytest.mark.slow

EXTENSION = "enkat"
NOT_YET = {"delay_minutes": 600}
GREATEST_SECONDS = 90


@pytest.fixture
def box(asterisk: Asterisk, box_on: Callable[..., Box]) -> Box:
    """The other end of a trunk, with an extension for surveys; nobody is due to be rung."""
    return box_on(asterisk, register=False, dialer=NOT_YET, local_port=asterisk.ports.box, survey_extension=EXTENSION)


def has_opted_out(box: Box, citizen: Citizen) -> bool:
    return opt_outs.contains(box.db, hash_number(load_keys(box.directory), citizen.number))


def test_who_rings_back_is_interviewed_at_once(asterisk: Asterisk, box: Box) -> None:
    citizen = CITIZENS["completes"]
    interview = box.queue(citizen)
    with box.line():
        wait_until(box.note, 10)
        asterisk.ring_box(citizen, CALLER_ID)
        wait_until(lambda: box.is_over(interview), GREATEST_SECONDS)
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.COMPLETED, ANSWERS)
    assert box.has_comment(interview)


def test_who_was_cut_off_goes_on_where_it_broke(asterisk: Asterisk, box: Box) -> None:
    citizen = CITIZENS["hangs_up_at_question_2"]
    interview = box.queue(citizen)
    with box.line():
        wait_until(box.note, 10)
        for calls in (1, 2):
            asterisk.ring_box(citizen, CALLER_ID)
            wait_until(lambda n=calls: len(box.attempts(interview)) == n, GREATEST_SECONDS)  # type: ignore[misc]
            wait_until(lambda: box.is_over(interview), GREATEST_SECONDS)
            assert (box.outcome(interview), box.answers(interview)) == (Outcome.PARTIAL, ANSWERS[:calls])


def test_a_queue_that_routes_to_the_extension_starts_an_interview(asterisk: Asterisk, box: Box) -> None:
    with box.line():
        wait_until(box.note, 10)
        asterisk.ring_box(CITIZENS["no_comment"], EXTENSION)
        wait_until(lambda: interviews.all_ids(box.db), GREATEST_SECONDS)
        (interview,) = interviews.all_ids(box.db)
        wait_until(lambda: box.is_over(interview), GREATEST_SECONDS)
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.COMPLETED, ANSWERS)


def test_a_stranger_can_opt_out(asterisk: Asterisk, box: Box) -> None:
    stranger = CITIZENS["opts_out"]
    with box.line():
        wait_until(box.note, 10)
        asterisk.ring_box(stranger, CALLER_ID)
        wait_until(lambda: has_opted_out(box, stranger), GREATEST_SECONDS)
        wait_until(lambda: asterisk.channels() == 0, GREATEST_SECONDS)
    assert interviews.all_ids(box.db) == []
    assert stranger.number[-9:] not in box.said()


def test_of_two_registered_lines_that_ring_one_answers(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(asterisk, dialer=NOT_YET)
    citizen = CITIZENS["no_comment"]
    interview = box.queue(citizen)
    with box.line(1), box.line(2):
        wait_until(lambda: asterisk.contacts() == 2, 20)
        asterisk.ring_box(citizen, "efterklang", registered=True)
        wait_until(lambda: box.is_over(interview), GREATEST_SECONDS)
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.COMPLETED, ANSWERS)
    assert len(box.attempts(interview)) == 1
    assert "stranger" not in box.said()
