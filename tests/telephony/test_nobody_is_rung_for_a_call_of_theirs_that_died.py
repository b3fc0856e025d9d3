"""A line dies, or fails, with a caller who was just received: what the caller had coming is as it was before."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from made_up import MadeUp
from telephony.callers import EXTENSION, Callers
from telephony.conversation import CALL

from appliance.custody import opt_outs
from appliance.dialer.dialer import LEASE, Dialer
from appliance.store import interviews
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony._api import Connected
from appliance.telephony.desk import Desk
from appliance.telephony.recovery import recover
from appliance.types import InterviewId, Outcome

CITIZEN = "+46701740605"
LATER = timedelta(hours=3)


def die(callers: Callers, asked: str = "efterklang") -> None:
    """Received, and killed before the first word."""
    assert callers.ring(CITIZEN, asked=asked)
    assert callers.reception.handle(Connected(CALL), 1.0) is not None


def desk_of(callers: Callers) -> Desk:
    """Of a box that rings more than once."""
    settings = callers.desk.settings
    dialer = settings.dialer.model_copy(update={"max_attempts": 3})
    patient = settings.model_copy(update={"dialer": dialer})
    return replace(callers.desk, settings=patient, dialer=Dialer(callers.desk.db, patient, "line-1"))


def due(made: MadeUp, interview_id: InterviewId) -> tuple[str, datetime, int]:
    row = made.db.execute("SELECT state, due_at, rings FROM interviews WHERE id = ?", (interview_id,)).fetchone()
    return row[0], datetime.fromisoformat(row[1]), row[2]


@pytest.mark.parametrize("has_started", [False, True])
def test_one_who_waited_to_be_rung_is_rung_as_if_nothing_had_been(
    made: MadeUp, callers: Callers, questionnaire: Questionnaire, has_started: bool
) -> None:
    waiting = made.queued(made.now + LATER)
    if has_started:
        interviews.has_started(made.db, waiting, made.now)
    before = due(made, waiting)
    die(callers)
    assert recover(desk_of(callers), questionnaire, starting=True) == 1
    assert due(made, waiting) == before
    assert before[0] == "queued"


def test_an_interview_that_was_over_is_over(made: MadeUp, callers: Callers, questionnaire: Questionnaire) -> None:
    over = made.ended(Outcome.NO_ANSWER, made.now)
    die(callers)
    assert recover(desk_of(callers), questionnaire, starting=True) == 1
    assert interviews.outcome_of(made.db, over) == ("over", Outcome.NO_ANSWER)
    assert interviews.rings_of(made.db, over) == 1


def test_one_who_was_put_through_and_never_drawn_is_not_rung(
    made: MadeUp, callers: Callers, questionnaire: Questionnaire
) -> None:
    die(callers, EXTENSION)
    assert recover(desk_of(callers), questionnaire, starting=True) == 1
    assert interviews.count_by_state(made.db) == {"over": 1}


def test_nor_is_one_who_has_opted_out(made: MadeUp, callers: Callers, questionnaire: Questionnaire) -> None:
    waiting = made.queued(made.now + LATER)
    die(callers)
    opt_outs.add(made.db, made.keys, made.hash_of(CITIZEN), "letter", made.now)
    assert recover(desk_of(callers), questionnaire, starting=True) == 1
    assert interviews.outcome_of(made.db, waiting) == ("over", Outcome.OPTED_OUT)


def test_once_we_have_talked_the_caller_is_not_rung_for_our_crash(
    made: MadeUp, callers: Callers, questionnaire: Questionnaire
) -> None:
    waiting = made.queued(made.now + LATER)
    callers.talk(CITIZEN)
    assert recover(desk_of(callers), questionnaire, starting=True) == 1
    assert interviews.outcome_of(made.db, waiting) == ("over", Outcome.NO_START)


def test_a_promise_outlives_the_line_that_gave_it(made: MadeUp, callers: Callers, questionnaire: Questionnaire) -> None:
    waiting = made.queued(made.now + LATER)
    callers.talk(CITIZEN).press("2", "3")
    promised = due(made, waiting)[1]
    assert promised != made.now + LATER
    late = replace(desk_of(callers), now=lambda: made.now + 2 * LEASE)
    assert recover(late, questionnaire, starting=False) == 1
    assert due(made, waiting)[:2] == ("queued", promised)
