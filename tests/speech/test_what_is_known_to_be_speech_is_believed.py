from pathlib import Path

import appliance
from appliance.sound import Samples, read_wav
from appliance.speech import Engine
from appliance.speech.transcript import Heard

_RENDERED = Path(appliance.__file__).parent / "survey" / "audio" / "sv" / "hidden_any.wav"
"""Silero takes this voice for none."""


class _Doubtful:
    longest_seconds = 27.0

    def recognise(self, samples: Samples, language: str) -> Heard:
        return Heard("hit ringer du", confidence=0.66, no_speech=0.57)


def test_what_might_be_noise_has_no_words_unless_the_caller_knows_that_somebody_speaks() -> None:
    engine, sound = Engine("doubtful", ("sv",), _Doubtful()), read_wav(_RENDERED)
    assert engine.transcribe(sound, "sv").text == ""
    assert engine.transcribe(sound, "sv", is_speech=True).text == "hit ringer du"
