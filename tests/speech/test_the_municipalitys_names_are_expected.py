import logging
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from sounds import NOBODY_SPEAKS, comments

from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings
from appliance.speech import Engine
from appliance.speech.pace import Pace
from appliance.speech.prompt import echoes, fitting, prompt
from appliance.speech.whisper import WhisperRecogniser

NAMES = ("Medborgarporten", "Ängsvallens skola", "Storsjöskolan", "Delfinbadet")


def _count(text: str) -> int:
    return len(text) // 3


@pytest.fixture(scope="module")
def expecting() -> Engine:
    """An engine that is told names."""
    try:
        folder: Path = find_model("whisper-base", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")
    return Engine("whisper-base", "", ("sv", "en"), WhisperRecogniser(folder, Pace(1, 5, 4), NAMES))


@given(st.lists(st.text("abcåäö ", min_size=1, max_size=60)))
def test_the_first_names_are_told_as_many_as_fit(names: list[str]) -> None:
    told = fitting(names, _count)
    once = tuple(dict.fromkeys(names))
    assert told == once[: len(told)]
    assert _count(", ".join(told) + ".") <= 125
    assert told == once or _count(", ".join(once[: len(told) + 1]) + ".") > 125


def test_the_prompt_is_the_names_and_a_sentence_in_the_citizens_language() -> None:
    swedish, english = prompt(NAMES, "sv"), prompt(NAMES, "en")
    assert swedish.startswith(" Medborgarporten, Ängsvallens skola, Storsjöskolan, Delfinbadet. Här är ")
    assert english.startswith(" Medborgarporten, ")
    assert "Here is " in english
    assert prompt(NAMES, "fi") == " Medborgarporten, Ängsvallens skola, Storsjöskolan, Delfinbadet."
    assert prompt((), "sv") == ""


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00b", "<|en|>", "x|>", "Å" * 61])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="must be a name of 1 to 60 characters on one line"):
        SpeechSettings(words=(name,))


def test_a_name_is_kept_as_it_is_spelt() -> None:
    assert SpeechSettings(words=(" Ängsvallens skola ",)).words == ("Ängsvallens skola",)


def test_names_that_do_not_fit_are_told_once(expecting: Engine, caplog: pytest.LogCaptureFixture) -> None:
    assert isinstance(expecting.recogniser, WhisperRecogniser)
    many = [f"Storsjöskolan {number}" for number in range(60)]
    with caplog.at_level(logging.WARNING):
        WhisperRecogniser(find_model("whisper-base", Settings()), Pace(1), many)
    (line,) = caplog.messages
    assert line.startswith("speech.words: the model is told the first ")
    assert "Storsjö" not in line


@pytest.mark.parametrize("name", NOBODY_SPEAKS)
def test_no_name_is_heard_where_nobody_speaks(expecting: Engine, name: str) -> None:
    assert expecting.transcribe(NOBODY_SPEAKS[name], "sv").text == ""
    # Whoever says that somebody speaks is believed; even then nothing comes from what the model was told.
    invented = expecting.transcribe(NOBODY_SPEAKS[name], "sv", is_speech=True).text
    assert not echoes(invented, "sv")
    assert not any(each.lower() in invented.lower() for each in NAMES)


def test_a_text_that_goes_on_with_our_sentence_is_an_echo() -> None:
    assert echoes("Här är en kommentar om hur det är en kommentar om hur det är.", "sv")
    assert echoes("Hej. Here is a comment, on what it was like", "en")
    assert not echoes("Här är en kommentar till er: det var bra.", "sv")
    assert not echoes("Jag ringde till kommunens kontaktcenter i går.", "sv")
    assert not echoes("Här är en kommentar om hur det var", "fi")
    assert not echoes("", "sv")


def test_no_name_is_heard_where_none_was_said(expecting: Engine, whisper: Engine) -> None:
    spoken = [sound for sound, _ in comments(6)]
    told, plain = expecting.transcribe_all(spoken, "sv"), whisper.transcribe_all(spoken, "sv")
    for each, other in zip(told, plain, strict=True):
        assert not any(name.lower() in each.text.lower() for name in NAMES)
        # The names come before the text and are no part of it: nor of its words, nor of how sure they are.
        assert each.confidence == pytest.approx(other.confidence, abs=0.25)
        assert all(0 < word.confidence <= 1 for word in each.words)


def test_a_name_that_is_given_twice_is_told_once_and_is_none_too_many(
    expecting: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    assert isinstance(expecting.recogniser, WhisperRecogniser)
    with caplog.at_level(logging.WARNING):
        WhisperRecogniser(find_model("whisper-base", Settings()), Pace(1), [*NAMES, *NAMES])
    assert caplog.messages == []
