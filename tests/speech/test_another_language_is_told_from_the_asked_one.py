from hypothesis import assume, given
from hypothesis import strategies as st
from sounds import comments

from appliance.speech import Engine
from appliance.speech.languages import likelier, suspected
from appliance.speech.transcript import Heard, Word

TONGUES = ["sv", "da", "no", "nn", "en", "fi", "ar", "so", "de"]
SPREAD = st.lists(st.floats(0, 1), min_size=len(TONGUES), max_size=len(TONGUES)).map(
    lambda shares: {each: share / max(sum(shares), 1e-9) for each, share in zip(TONGUES, shares, strict=True)}
)


def heard(log_probability: float, language: str = "sv", text: str = "ord") -> Heard:
    return Heard(tuple(Word(each, 0.5) for each in text.split()), language, log_probability)


@given(SPREAD, st.floats(0, 30), st.sampled_from(["sv", "en", "fi"]))
def test_a_suspicion_is_never_of_the_language_asked_for(spread: dict[str, float], seconds: float, asked: str) -> None:
    assert suspected(spread, asked, seconds) != asked


@given(SPREAD, st.floats(2, 30))
def test_swedish_is_often_taken_for_its_neighbours_and_is_swedish(spread: dict[str, float], seconds: float) -> None:
    assume(sum(spread[each] for each in ("sv", "da", "no", "nn")) >= 0.05)
    assert suspected(spread, "sv", seconds) is None


def test_a_language_that_is_surely_another_is_suspected() -> None:
    spread = {"sv": 0.01, "no": 0.01, "en": 0.08, "fi": 0.9}
    assert suspected(spread, "sv", 2.0) == "fi"
    assert suspected(spread, "sv", 1.9) is None  # a word or two
    assert suspected({**spread, "fi": 0.65}, "sv", 9) is None
    assert suspected(spread, "fi", 9) is None


def test_an_english_questionnaire_may_be_answered_in_swedish() -> None:
    assert suspected({"en": 0.02, "sv": 0.95, "no": 0.03}, "en", 5) == "sv"


def test_a_model_that_knows_one_language_has_no_other() -> None:
    assert suspected({}, "sv", 9) is None
    assert suspected({"sv": 1.0}, "sv", 9) is None


@given(st.floats(-5, 0), st.floats(-5, 0))
def test_a_suspicion_stands_only_where_the_other_text_is_likelier(asked: float, other: float) -> None:
    first, second = heard(asked), heard(other, "en")
    assert likelier(first, second) is (second if other > asked else first)
    assert likelier(first, heard(other, "en", "")) is first


def test_practice_comments_are_never_taken_for_another_language(whisper: Engine) -> None:
    spoken = [sound for sound, _ in comments(8)]
    assert {each.language for each in whisper.transcribe_all(spoken, "sv")} == {"sv"}


def test_swedish_answers_to_an_english_questionnaire_are_kept_in_swedish(whisper: Engine) -> None:
    spoken = [sound for sound, _ in comments(6) if sound.seconds > 4]
    asked_in_english = whisper.transcribe_all(spoken, "en", is_speech=True)
    told = [each.language for each in asked_in_english]
    assert told.count("sv") >= len(told) - 1
