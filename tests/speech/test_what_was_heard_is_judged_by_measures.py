import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.speech.doubt import Judged, better, judge
from appliance.speech.transcript import Heard, Word
from appliance.types import Doubt

_SAID = "Jag fick vänta länge."


def heard(
    text: str = _SAID,
    confidence: float = 0.8,
    log_probability: float = -0.3,
    no_speech: float = 0.1,
    *,
    is_cut_off: bool = False,
) -> Heard:
    words = tuple(Word(word, confidence) for word in text.split())
    return Heard(words, "sv", log_probability, no_speech, is_cut_off)


@pytest.mark.parametrize(
    ("one", "is_sure", "is_spoken", "doubts"),
    [
        (heard(), True, True, set()),
        (heard(), False, True, set()),
        # A rendered voice: voice activity hardly knows it, the recogniser does.
        (heard(log_probability=-0.56, no_speech=0.24), False, True, set()),
        (heard(log_probability=-0.7), False, True, {Doubt.HARDLY_SPEECH}),
        (heard(log_probability=-0.7), True, True, set()),
        # Decoded ring-back, keys and breath.
        (heard(log_probability=-0.6, no_speech=0.44), False, False, set()),
        # "Nej." and nothing else, by a rendered voice and by a human.
        (heard("Nej.", 0.06, -1.51, 0.13), False, True, {Doubt.UNLIKELY, Doubt.HARDLY_SPEECH}),
        (heard("Tack!", 0.07, -1.48, 0.32), False, True, {Doubt.UNLIKELY, Doubt.HARDLY_SPEECH}),
        (heard("Ja. Ja. Ja.", 0.3, -1.6, 0.44), False, False, {Doubt.UNLIKELY, Doubt.HARDLY_SPEECH}),
        # A human on a bad line.
        (heard(no_speech=0.63, log_probability=-0.81), True, True, set()),
        (heard(no_speech=0.63, log_probability=-1.01), True, False, {Doubt.UNLIKELY}),
        (heard(log_probability=-1.01), True, True, {Doubt.UNLIKELY}),
        (heard(confidence=0.39), True, True, {Doubt.UNLIKELY}),
        (heard(is_cut_off=True), True, True, {Doubt.REPEATS}),
        (heard("Det är så att det är så att det är så att"), True, True, {Doubt.REPEATS}),
        (heard(" ".join(f"ord{number}" for number in range(15))), True, True, {Doubt.REPEATS}),
        (heard(" ".join(f"ord{number}" for number in range(14))), True, True, set()),
        (heard("Tack för att ni tittade!"), True, True, {Doubt.CAPTION}),
        (heard("Tack för att ni tittade!", confidence=0.3), True, False, {Doubt.UNLIKELY}),
        (heard(""), True, False, {Doubt.UNLIKELY}),
    ],
)
def test_each_measure_has_its_limit(one: Heard, is_sure: bool, is_spoken: bool, doubts: set[Doubt]) -> None:
    judged = judge(one, 2.0, is_sure=is_sure)
    assert (judged.is_spoken, judged.doubts) == (is_spoken, doubts)


@pytest.mark.parametrize(
    ("count", "spoken_seconds", "language", "is_missing"),
    [
        (7, 13.1, "sv", True),
        (15, 14, "sv", True),
        (17, 13, "sv", False),
        (1, 3.9, "sv", False),
        (3, 9, "ja", False),
    ],
)
def test_fewer_words_than_anybody_says_in_the_time_are_doubted(
    count: int, spoken_seconds: float, language: str, *, is_missing: bool
) -> None:
    words = tuple(Word(f"ord{number}", 0.8) for number in range(count))
    judged = judge(Heard(words, language, -0.3), spoken_seconds, is_sure=True)
    assert judged.doubts == ({Doubt.MISSING} if is_missing else set())


def test_a_caption_behind_real_words_is_cut_off_and_casts_no_doubt() -> None:
    words = heard().words + heard("Tack för att ni tittade!", confidence=0.2).words
    judged = judge(Heard(words, "sv", -0.3), 3.0, is_sure=True)
    assert " ".join(word.text for word in judged.words) == _SAID
    assert judged.is_spoken
    assert not judged.doubts


_JUDGED = st.builds(
    Judged,
    st.lists(st.builds(Word, st.just("ja"), st.floats(0, 1)), max_size=4).map(tuple),
    st.sampled_from(["sv", "en"]),
    st.booleans(),
    st.frozensets(st.sampled_from(Doubt)),
)


@given(_JUDGED, _JUDGED)
def test_the_better_of_two_is_spoken_and_has_no_more_doubts_than_the_other(first: Judged, second: Judged) -> None:
    chosen = better(first, second)
    assert chosen in (first, second)
    if first.is_spoken and second.is_spoken:
        assert len(chosen.doubts) == min(len(first.doubts), len(second.doubts))
        assert chosen.confidence == max(
            each.confidence for each in (first, second) if len(each.doubts) == len(chosen.doubts)
        )
    elif second.is_spoken or (first.is_spoken and Doubt.CAPTION not in first.doubts):
        assert chosen.is_spoken


def test_a_caption_where_the_second_try_hears_nothing_was_not_said() -> None:
    caption = judge(heard("Undertexter av Amara.org-gemenskapen"), 2.0, is_sure=True)
    nothing = judge(heard(""), 2.0, is_sure=True)
    assert caption.is_spoken
    assert better(caption, nothing) is nothing
    assert better(judge(heard(), 2.0, is_sure=True), nothing).is_spoken
