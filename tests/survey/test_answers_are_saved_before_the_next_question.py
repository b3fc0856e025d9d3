import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import QUESTION_KEYS, QUESTIONNAIRE, World, answered_world, started_world

from appliance.survey.dialogue import begin
from appliance.survey.events import Answered, End, HungUp, Play, PromptEnded, SaveAnswer, Start, Wait
from appliance.types import AnswerKind, Outcome

_FIRST, _SECOND = (question.prompt for question in QUESTIONNAIRE.questions[:2])


@given(st.lists(st.sampled_from("012345"), min_size=6, max_size=6), st.lists(st.booleans(), min_size=6, max_size=6))
def test_each_valid_key_gives_one_save_and_then_the_next_play(keys: list[str], heard_out: list[bool]) -> None:
    world = started_world()
    for question, key, patient in zip(QUESTIONNAIRE.questions, keys, heard_out, strict=True):
        if patient:
            world.let_pass()
        value = int(key) if int(key) in question.valid_values or key == "0" else 2
        save, play = world.press(str(value))
        kind = AnswerKind.VALUE if value else AnswerKind.NO_OPINION
        assert save == SaveAnswer(question.key, kind, value or None)
        assert isinstance(play, Play)
    assert world.actions[-1] == Play(("comment_invite",))
    assert world.send(HungUp()) == (End(Outcome.COMPLETED),)


def test_key_1_starts_the_interview_and_puts_the_first_question() -> None:
    assert answered_world().press("1") == (Start(), Play((_FIRST,)))


def test_a_second_call_goes_on_at_the_first_question_without_an_answer() -> None:
    world = World(begin(QUESTIONNAIRE, frozenset({QUESTION_KEYS[0]})))
    world.send(Answered())
    assert world.press("1") == (Start(), Play((_SECOND,)))


def test_a_second_call_with_nothing_left_to_ask_goes_to_the_comment() -> None:
    world = World(begin(QUESTIONNAIRE, frozenset(QUESTION_KEYS)))
    world.send(Answered())
    assert world.press("1") == (Start(), Play(("comment_invite",)))
    assert world.send(HungUp()) == (End(Outcome.COMPLETED),)


def test_hash_skips_a_question() -> None:
    assert started_world().press("#")[0] == SaveAnswer(QUESTION_KEYS[0], AnswerKind.SKIPPED, None)


def test_star_repeats_the_question_five_times_and_then_counts_as_a_wrong_key() -> None:
    world = started_world()
    assert world.press("*****") == (Play((_FIRST,)),) * 5
    assert world.press("*") == (Play(("invalid", _FIRST)),)


@pytest.mark.parametrize("wrong", ["6", "7", "8", "9"])
def test_a_wrong_key_asks_again_twice_and_then_skips(wrong: str) -> None:
    world = started_world()
    assert world.press(wrong * 2) == (Play(("invalid", _FIRST)),) * 2
    assert world.press(wrong) == (SaveAnswer(QUESTION_KEYS[0], AnswerKind.SKIPPED, None), Play((_SECOND,)))


def test_yes_and_no_are_keys_1_and_2_only() -> None:
    world = started_world()
    world.press("444")
    assert QUESTIONNAIRE.questions[3].kind == "yes_no"
    assert world.press("3") == (Play(("invalid", QUESTIONNAIRE.questions[3].prompt)),)
    assert world.press("2")[0] == SaveAnswer("got_answer", AnswerKind.VALUE, 2)


def test_silence_and_wrong_keys_share_two_reasks() -> None:
    world = started_world()
    assert world.let_pass() == (Wait(8.0),)
    assert world.let_pass() == (Play(("no_key", _FIRST)),)
    assert world.press("9") == (Play(("invalid", _FIRST)),)
    world.let_pass()
    assert world.let_pass() == (SaveAnswer(QUESTION_KEYS[0], AnswerKind.SKIPPED, None), Play((_SECOND,)))


def test_every_question_has_its_own_reasks_and_repeats() -> None:
    world = started_world()
    world.press("99*****3")
    assert world.press("99") == (Play(("invalid", _SECOND)),) * 2
    assert world.press("*****") == (Play((_SECOND,)),) * 5


def test_a_second_end_of_the_prompt_gives_no_more_time() -> None:
    world = started_world()
    world.let_pass()
    assert world.send(PromptEnded()) == ()


def test_a_hang_up_in_the_middle_is_partial() -> None:
    world = started_world()
    world.press("4")
    assert world.send(HungUp()) == (End(Outcome.PARTIAL),)


def test_six_skipped_questions_are_partial_and_not_a_completed_interview() -> None:
    world = started_world()
    world.press("######")
    assert world.send(HungUp()) == (End(Outcome.PARTIAL),)
