from collections.abc import Sequence
from pathlib import Path

import appliance
from appliance.sound import read_wav
from appliance.speech import Engine
from appliance.speech.transcript import Heard, Piece, Word

_RENDERED = Path(appliance.__file__).parent / "survey" / "audio" / "sv" / "goodbye.wav"
"""Silero takes this voice for none."""


class _Doubtful:
    longest_seconds = 27.0

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        words = tuple(Word(text, 0.66) for text in ("hit", "ringer", "du"))
        return [Heard(words, language, log_probability=-0.4, no_speech=0.57) for _ in pieces]


def test_what_might_be_noise_has_no_words_unless_the_caller_knows_that_somebody_speaks() -> None:
    engine, sound = Engine("doubtful", "", ("sv",), _Doubtful()), read_wav(_RENDERED)
    assert engine.transcribe(sound, "sv").text == ""
    assert engine.transcribe(sound, "sv", is_speech=True).text == "hit ringer du"
