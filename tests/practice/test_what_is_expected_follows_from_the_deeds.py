import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.practice.account import Found, Tally, compare
from appliance.practice.deeds import Deeds, expected, got_through
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.practice.people import Citizen, Habit, citizen_of
from appliance.practice.plan import HangUp, Press, plan_of
from appliance.survey.questionnaire import load_questionnaire
from appliance.types import AnswerKind, CommentState, LaterTime, Outcome

QUESTIONNAIRE = load_questionnaire("kontaktcenter")
TREATMENT = QUESTIONNAIRE.questions[0]


def someone(habit: Habit) -> Citizen:
    return next(citizen for citizen in map(citizen_of, FICTIONAL_NUMBERS) if citizen.habit is habit)


def deeds(citizen: Citizen, *pressed: tuple[str, str], heard: tuple[str, ...] = (), spoke: bool = False) -> Deeds:
    return Deeds(citizen.number, list(heard), list(pressed), spoke)


def test_a_wrong_key_is_no_answer_and_the_first_right_one_is() -> None:
    citizen = someone(Habit.CLUMSY)
    did = deeds(citizen, ("menu", "1"), (TREATMENT.prompt, "8"), (TREATMENT.prompt, "4"), (TREATMENT.prompt, "2"))
    assert expected(citizen, did, QUESTIONNAIRE).answers == {TREATMENT.key: (AnswerKind.VALUE, 4)}


def test_a_comment_that_was_erased_is_not_expected() -> None:
    citizen = someone(Habit.ERASES)
    kept = deeds(citizen, ("menu", "1"), heard=("comment_invite",), spoke=True)
    erased = deeds(citizen, ("menu", "1"), ("review", "7"), heard=("comment_invite",), spoke=True)
    assert expected(citizen, kept, QUESTIONNAIRE).comment == citizen.comment
    assert expected(citizen, erased, QUESTIONNAIRE).comment is None


@pytest.mark.parametrize(
    ("keys", "heard", "outcome"),
    [
        ((), (), Outcome.NO_START),
        ((("menu", "9"),), (), Outcome.OPTED_OUT),
        ((("greeting", "1"),), (), Outcome.PARTIAL),
        ((("greeting", "1"),), ("comment_invite",), Outcome.COMPLETED),
    ],
)
def test_the_outcome_is_what_was_done(
    keys: tuple[tuple[str, str], ...], heard: tuple[str, ...], outcome: Outcome
) -> None:
    citizen = someone(Habit.HANGS_UP)
    assert expected(citizen, deeds(citizen, *keys, heard=heard), QUESTIONNAIRE).outcome is outcome


@pytest.mark.parametrize(
    ("pressed", "later"),
    [
        ((), None),
        ((("menu", "2"),), None),
        ((("menu", "2"), ("later_in_an_hour", "1")), LaterTime.IN_AN_HOUR),
    ],
)
def test_who_asks_to_be_rung_later_has_no_outcome_yet(
    pressed: tuple[tuple[str, str], ...], later: LaterTime | None
) -> None:
    citizen = someone(Habit.PUTS_OFF)
    wanted = expected(citizen, deeds(citizen, *pressed), QUESTIONNAIRE)
    assert wanted.later is later
    assert wanted.outcome is (None if pressed else Outcome.NO_START)
    assert got_through(citizen, wanted) == (later is citizen.prefers)


def test_a_time_other_than_the_one_chosen_is_noticed() -> None:
    citizen = someone(Habit.PUTS_OFF)
    did = deeds(citizen, ("menu", "2"), (f"later_{citizen.prefers}", "1"))
    wanted = expected(citizen, did, QUESTIONNAIRE)
    for found, differences in [(citizen.prefers, 0), (None, 1), (LaterTime.THIS_EVENING, 1)]:
        tally = Tally(calls=1)
        compare(citizen, did, wanted, Found(None, {}, None, None, frozenset(), found), tally)
        assert len(tally.differences) == differences


@given(st.sampled_from(FICTIONAL_NUMBERS))
def test_every_plan_presses_real_keys_and_hangs_up_only_out_of_habit(number: str) -> None:
    citizen = citizen_of(number)  # type: ignore[arg-type]
    reactions = [reaction for planned in plan_of(citizen, QUESTIONNAIRE).values() for reaction in planned if reaction]
    assert all(reaction.act.key in "0123456789*#" for reaction in reactions if isinstance(reaction.act, Press))
    assert any(isinstance(reaction.act, HangUp) for reaction in reactions) == (citizen.habit is Habit.HANGS_UP)


def test_every_kind_of_difference_is_noticed() -> None:
    citizen = someone(Habit.POLITE)
    answers = {question.key: (AnswerKind.VALUE, 1) for question in QUESTIONNAIRE.questions}
    keys = (("menu", "1"), *((question.prompt, "1") for question in QUESTIONNAIRE.questions))
    did = deeds(citizen, *keys, heard=("comment_invite",), spoke=True)
    wanted = expected(citizen, did, QUESTIONNAIRE)
    right = Found(Outcome.COMPLETED, answers, CommentState.DONE, citizen.comment.text, citizen.comment.opinions)
    wrong = [
        Found(Outcome.PARTIAL, answers, CommentState.DONE, "", frozenset()),
        Found(Outcome.COMPLETED, {**answers, TREATMENT.key: (AnswerKind.VALUE, 2)}, CommentState.DONE, "", frozenset()),
        Found(Outcome.COMPLETED, {}, CommentState.DONE, "", frozenset()),
        Found(Outcome.COMPLETED, answers, None, None, frozenset()),
        Found(Outcome.COMPLETED, answers, CommentState.LOST, None, frozenset()),
        Found(None, {}, None, None, frozenset()),
    ]
    tally = Tally(calls=1)
    compare(citizen, did, wanted, right, tally)
    assert tally.differences == []
    assert (tally.answers_right, tally.comments_transcribed, tally.word_error_rate) == (6, 1, 0.0)
    for found in wrong:
        tally = Tally(calls=1)
        compare(citizen, did, wanted, found, tally)
        assert tally.differences
