from datetime import timedelta

import pytest
from made_up import MadeUp
from telephony.callers import OWN_NUMBER, Callers
from telephony.conversation import CALL

from appliance.store import answers, interviews, opt_outs
from appliance.store.answers import Answer
from appliance.survey.questionnaire import Questionnaire
from appliance.telephony._api import Incoming
from appliance.types import AnswerKind, LaterTime, Outcome


def missed(made: MadeUp, ago: timedelta = timedelta(hours=1), outcome: Outcome = Outcome.NO_ANSWER) -> int:
    """An interview that was not had, over for a while."""
    lease = made.live()
    interviews.end_attempt(made.db, lease.attempt_id, outcome, None, made.now - ago)
    interviews.close(made.db, lease.interview_id, outcome, made.now - ago)
    return lease.interview_id


def test_an_interview_that_waits_is_had_at_once(made: MadeUp, callers: Callers) -> None:
    waiting = made.queued(made.now + timedelta(hours=3))
    conversation = callers.talk("0701740605")
    assert conversation.last_played()[0].startswith("callback_greeting")
    conversation.press("1", "5")
    conversation.hang_up()
    assert interviews.outcome_of(made.db, waiting) == ("over", Outcome.PARTIAL)
    assert len(answers.of_interview(made.db, waiting)) == 1


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.VOICEMAIL, Outcome.NO_START])
def test_one_who_missed_us_gets_the_interview_that_was_given_up(
    made: MadeUp, callers: Callers, outcome: Outcome
) -> None:
    given_up = missed(made, outcome=outcome)
    conversation = callers.talk("+46701740605")
    conversation.press("1", "5", "5", "5", "1", "5", "5", "#")
    conversation.hear_out()
    conversation.hang_up()
    assert interviews.outcome_of(made.db, given_up) == ("over", Outcome.COMPLETED)


def test_a_broken_off_interview_goes_on_at_the_next_question(
    made: MadeUp, callers: Callers, questionnaire: Questionnaire
) -> None:
    broken_off = missed(made, outcome=Outcome.PARTIAL)
    interviews.has_started(made.db, broken_off, made.now)
    answers.add(made.db, broken_off, Answer(questionnaire.questions[0].key, AnswerKind.VALUE, 4), made.now)
    conversation = callers.talk("0701740605")
    conversation.press("1")
    assert conversation.last_played() == [questionnaire.questions[1].prompt]
    conversation.hang_up()
    assert interviews.outcome_of(made.db, broken_off) == ("over", Outcome.PARTIAL)


def test_ringing_back_and_hanging_up_leaves_a_broken_off_interview_as_it_was(made: MadeUp, callers: Callers) -> None:
    broken_off = missed(made, outcome=Outcome.PARTIAL)
    interviews.has_started(made.db, broken_off, made.now)
    conversation = callers.talk("0701740605")
    conversation.hang_up()
    assert interviews.outcome_of(made.db, broken_off) == ("over", Outcome.PARTIAL)


@pytest.mark.parametrize(
    ("ago", "outcome"),
    [
        (timedelta(days=3), Outcome.NO_ANSWER),
        (timedelta(hours=1), Outcome.COMPLETED),
        (timedelta(hours=1), Outcome.REFUSED),
    ],
)
def test_an_interview_that_is_done_or_long_past_stays_over(
    made: MadeUp, callers: Callers, ago: timedelta, outcome: Outcome
) -> None:
    over = missed(made, ago, outcome)
    conversation = callers.talk("0701740605")
    assert conversation.last_played()[0].startswith("stranger")
    conversation.hang_up()
    assert interviews.outcome_of(made.db, over) == ("over", outcome)


def test_one_who_has_no_time_now_either_is_rung_when_it_suits(made: MadeUp, callers: Callers) -> None:
    given_up = missed(made)
    conversation = callers.talk("0701740605")
    conversation.press("2", "3")
    assert conversation.last_played() == [f"promise_{LaterTime.TOMORROW_MORNING}"]
    conversation.hang_up()
    assert interviews.outcome_of(made.db, given_up) == ("queued", None)


def test_an_unknown_caller_hears_who_we_are_and_can_opt_out(made: MadeUp, callers: Callers) -> None:
    conversation = callers.talk("0701740699")
    assert conversation.last_played()[0].startswith("stranger")
    conversation.press("1")
    assert opt_outs.contains(made.db, made.hash_of("+46701740699")) is False
    conversation.press("9")
    assert conversation.last_played() == ["opted_out"]
    assert opt_outs.contains(made.db, made.hash_of("+46701740699"))
    conversation.hang_up()
    assert interviews.all_ids(made.db) == []


def test_a_caller_who_hides_the_number_is_promised_nothing(callers: Callers) -> None:
    conversation = callers.talk()
    heard = len(callers.phone.told)
    conversation.press("9")
    assert "opted_out" not in conversation.last_played()
    assert len(callers.phone.told) == heard


def test_one_whom_we_are_ringing_is_busy_for_us(made: MadeUp, callers: Callers) -> None:
    made.live()
    assert not callers.ring("0701740605")
    assert ("reject", 486) in callers.phone.told


def test_our_own_call_that_comes_round_is_turned_away(callers: Callers) -> None:
    assert not callers.ring(OWN_NUMBER)
    assert ("reject", 482) in callers.phone.told


def test_nothing_is_written_of_a_caller_who_gives_up_while_it_rings(made: MadeUp, callers: Callers) -> None:
    waiting = made.queued(made.now + timedelta(hours=3))
    callers.give_up("0701740605")
    assert interviews.outcome_of(made.db, waiting) == ("queued", None)
    assert interviews.tries_of(made.db, waiting) == (0, 0)


def test_a_foreign_caller_is_not_told_that_the_number_is_hidden(callers: Callers) -> None:
    assert callers.talk("+4522123456").last_played()[0].startswith("stranger")


def test_the_number_that_a_call_was_passed_on_for_is_not_the_caller_s(made: MadeUp, callers: Callers) -> None:
    made.queued(made.now + timedelta(hours=3))
    conversation = callers.talk("2041", passed_on_for=("0701740605",))
    assert conversation.last_played()[0].startswith("stranger")
    conversation.press("9")
    assert not opt_outs.contains(made.db, made.hash_of("+46701740605"))


def test_a_reception_that_closes_turns_away_who_rings(callers: Callers) -> None:
    callers.reception.handle(Incoming(CALL, "efterklang", ("0701740605",)), 0.0)
    callers.reception.close()
    callers.reception.tick(9.0)
    assert ("answer", CALL) not in callers.phone.told
    assert ("reject", 480) in callers.phone.told
    assert not callers.ring("0701740605")
