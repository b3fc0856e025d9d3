"""The engine's own logic, with a recogniser that says what it is told to."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from sounds import NOBODY_SPEAKS, comments

import appliance
from appliance.sound import Sound, read_wav
from appliance.speech import Engine
from appliance.speech.transcript import Heard, Piece, Word
from appliance.speech.voice import Speech
from appliance.types import Doubt

_RENDERED = Path(appliance.__file__).parent / "survey" / "audio" / "sv" / "goodbye.wav"
"""Silero takes this voice for none."""
_LOOP = "det är så att det är så att det är så att"


class _Told:
    """Says of each piece what `say` gives for its number and whether it is the careful try."""

    longest_seconds = 4.0
    is_modest = False

    def __init__(self, say: Callable[[int, bool], Heard]) -> None:
        self._say = say
        self._first: list[Piece] = []
        self.tries: list[tuple[list[int], bool]] = []

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        if not is_careful:
            self._first = list(pieces)
        numbers = [next(at for at, one in enumerate(self._first) if one is piece) for piece in pieces]
        self.tries.append((numbers, is_careful))
        return [self._say(number, is_careful) for number in numbers]


def _heard(text: str, confidence: float = 0.8, language: str = "sv") -> Heard:
    return Heard(tuple(Word(word, confidence) for word in text.split()), language, log_probability=-0.3)


def _engine(told: _Told) -> Engine:
    return Engine("told", "", ("sv", "en"), told)


def _spoken(count: int) -> list[Sound]:
    """Voices that voice activity is sure of or not, each shorter than the longest piece."""
    return [Sound(sound.samples[: 3 * sound.rate], sound.rate) for sound, _ in comments(count)]


def test_each_comment_gets_its_own_words_whatever_lies_between() -> None:
    sounds = [part for sound in _spoken(5) for part in (sound, NOBODY_SPEAKS["silence"])]
    told = _Told(lambda number, _: _heard(f"nummer {number}"))
    texts = [each.text for each in _engine(told).transcribe_all(sounds, "sv", is_speech=True)]
    assert texts == [text for number in range(5) for text in (f"nummer {number}", "")]
    assert told.tries == [([0, 1, 2, 3, 4], False)]


def test_doubtful_ones_are_heard_again_together_and_the_better_one_is_kept() -> None:
    careful = {1: _heard("bättre", 0.6), 3: _heard(f"{_LOOP} igen", 0.7)}
    told = _Told(lambda number, again: careful[number] if again else _heard(_LOOP if number in careful else "bra"))
    found = _engine(told).transcribe_all(_spoken(4), "sv", is_speech=True)
    assert told.tries == [([0, 1, 2, 3], False), ([1, 3], True)]
    assert [each.text for each in found] == ["bra", "bättre", "bra", _LOOP]
    assert [set(each.doubts) for each in found] == [set(), set(), set(), {Doubt.REPEATS}]
    assert [round(each.confidence, 2) for each in found] == [0.8, 0.6, 0.8, 0.8]


def test_one_word_that_hardly_sounds_like_speech_is_kept_and_doubted() -> None:
    told = _Told(lambda *_: Heard((Word("Nej.", 0.06),), "sv", log_probability=-1.5, no_speech=0.13))
    found = _engine(told).transcribe(read_wav(_RENDERED), "sv")
    assert found.text == "Nej."
    assert found.doubts == {Doubt.HARDLY_SPEECH, Doubt.UNLIKELY}


def test_where_perhaps_nobody_speaks_nothing_is_tried_again() -> None:
    told = _Told(lambda *_: Heard(_heard("Hej").words, "sv", log_probability=-0.4, no_speech=0.5))
    assert _engine(told).transcribe(read_wav(_RENDERED), "sv").words == ()
    assert told.tries == [([0], False)]


def test_where_somebody_surely_speaks_there_must_be_words() -> None:
    told = _Told(lambda _, again: _heard("Hej då" if again else ""))
    assert _engine(told).transcribe(_spoken(1)[0], "sv", is_speech=True).text == "Hej då"
    assert told.tries == [([0], False), ([0], True)]


def test_a_long_comment_is_joined_from_its_pieces_in_the_language_of_most_of_its_speech() -> None:
    sound = Sound(np.concatenate([each.samples for each in _spoken(5)]), 8000)
    told = _Told(lambda number, _: _heard(f"del {number}", language="sv" if number == 1 else "en"))
    found = _engine(told).transcribe(sound, "sv", is_speech=True)
    (numbers, _), *others = told.tries
    assert not others
    assert len(numbers) > 2
    assert found.text == " ".join(f"del {number}" for number in numbers)
    assert found.language == "en"
    assert 0 < found.speech_seconds <= sound.seconds


def test_a_piece_in_which_nobody_spoke_leaves_the_others_words() -> None:
    sound = Sound(np.concatenate([each.samples for each in _spoken(5)]), 8000)
    noise = Heard(_heard("del 1").words, "sv", log_probability=-1.5, no_speech=0.9)
    told = _Told(lambda number, _: noise if number == 1 else _heard(f"del {number}"))
    found = _engine(told).transcribe(sound, "sv", is_speech=True)
    assert "del 0 del 2" in found.text
    assert "del 1" not in found.text


def test_nothing_to_hear_asks_nobody() -> None:
    told = _Told(lambda *_: _heard("nej"))
    assert _engine(told).transcribe_all([], "sv") == []
    assert _engine(told).transcribe(NOBODY_SPEAKS["silence"], "sv").words == ()
    assert told.tries == []


def test_voice_activity_never_sees_more_than_five_minutes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[float] = []

    def find(sound: Sound, *, is_speech: bool) -> Speech | None:
        seen.append(sound.seconds)
        return None

    monkeypatch.setattr("appliance.speech.engine.find_speech", find)
    _engine(_Told(lambda *_: _heard("nej"))).transcribe(Sound(np.zeros(8000 * 700, np.float32), 8000), "sv")
    assert seen == [300, 300, 100]
