from datetime import timedelta

from made_up import MadeUp
from telephony.callers import EXTENSION, Callers

from appliance.store import answers, figures, interviews, opt_outs
from appliance.types import Outcome

CITIZEN, AGENT = "0701740605", "2041"


def test_a_citizen_who_is_put_through_is_interviewed(made: MadeUp, callers: Callers) -> None:
    conversation = callers.talk(AGENT, asked=EXTENSION, passed_on_for=(CITIZEN,))
    assert conversation.last_played()[0].startswith("transfer_greeting")
    conversation.press("1", "5", "4")
    conversation.hang_up()
    (interview_id,) = interviews.all_ids(made.db)
    assert interviews.outcome_of(made.db, interview_id) == ("over", Outcome.PARTIAL)
    assert len(answers.of_interview(made.db, interview_id)) == 2


def test_it_counts_in_the_figures(made: MadeUp, callers: Callers) -> None:
    conversation = callers.talk(CITIZEN, asked=EXTENSION)
    conversation.press("1", "5")
    conversation.hang_up()
    counted = figures.count_interviews(
        made.db, figures.Span(made.now - timedelta(hours=1), made.now + timedelta(hours=1))
    )
    assert (counted.rung, counted.reached, counted.started) == (1, 1, 1)


def test_a_hidden_number_is_interviewed_as_well(made: MadeUp, callers: Callers) -> None:
    for _ in range(2):
        callers.phone.told.clear()
        conversation = callers.talk(asked=EXTENSION)
        conversation.press("1", "5")
        conversation.hang_up()
    assert len(interviews.all_ids(made.db)) == 2


def test_the_interview_that_waits_is_had_instead_of_another(made: MadeUp, callers: Callers) -> None:
    waiting = made.queued(made.now + timedelta(hours=1))
    callers.talk(CITIZEN, asked=EXTENSION).hang_up()
    assert interviews.all_ids(made.db) == [waiting]
    assert interviews.outcome_of(made.db, waiting) == ("over", Outcome.NO_START)


def test_key_9_opts_the_citizen_out_not_the_agent(made: MadeUp, callers: Callers) -> None:
    conversation = callers.talk(AGENT, asked=EXTENSION, passed_on_for=(CITIZEN,))
    conversation.press("9")
    conversation.hang_up()
    assert opt_outs.contains(made.db, made.hash_of("+46701740605"))
    (interview_id,) = interviews.all_ids(made.db)
    assert interviews.outcome_of(made.db, interview_id)[1] is Outcome.OPTED_OUT


def test_two_who_are_put_through_for_one_queue_are_two(made: MadeUp, callers: Callers) -> None:
    for agent in ("4711", "4712"):
        callers.phone.told.clear()
        conversation = callers.talk(agent, asked=EXTENSION, passed_on_for=("+46313900600",))
        conversation.press("1", "5")
        conversation.hang_up()
    assert [len(answers.of_interview(made.db, each)) for each in interviews.all_ids(made.db)] == [1, 1]


def test_somebody_is_put_through_while_the_queue_s_number_is_in_a_call(made: MadeUp, callers: Callers) -> None:
    made.live()
    assert callers.ring(AGENT, asked=EXTENSION, passed_on_for=(CITIZEN,))


def test_of_a_foreign_caller_the_queue_s_number_is_not_taken_for_the_caller_s(made: MadeUp, callers: Callers) -> None:
    conversation = callers.talk("+4522123456", asked=EXTENSION, passed_on_for=(CITIZEN,))
    conversation.press("9")
    conversation.hang_up()
    assert not opt_outs.contains(made.db, made.hash_of("+46701740605"))
