"""Whoever no longer wants the words does not wait for them."""

import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, ThreadPoolExecutor

import numpy as np
import pytest
from sounds import comments

from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings
from appliance.sound import Sound
from appliance.speech import Engine
from appliance.speech.pace import Pace
from appliance.speech.transcript import Piece, Recogniser
from appliance.speech.vosk import VoskRecogniser
from appliance.speech.whisper import WhisperRecogniser


def _whisper() -> Recogniser:
    return WhisperRecogniser(find_model("whisper-base", Settings()), Pace(1, batch=1))


def _vosk() -> Recogniser:
    return VoskRecogniser(find_model("vosk-ko", Settings()), threads=1)


@pytest.mark.parametrize("load", [_whisper, _vosk])
def test_pieces_that_wait_are_not_heard(load: Callable[[], Recogniser]) -> None:
    try:
        recogniser = load()
    except ModelError as error:
        pytest.skip(f"{error}")
    samples = comments(1)[0][0].at(16_000).samples[: 3 * 16_000]
    with ThreadPoolExecutor(1) as pool:
        heard = pool.submit(recogniser.recognise, [Piece(samples, 3.0)] * 100, "ko")
        threading.Event().wait(0.5)
        recogniser.stop()
        with pytest.raises(CancelledError):
            heard.result(timeout=20)


def test_a_long_sound_is_not_looked_through_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []
    engine = Engine("made-up", "", ("sv",), _Deaf())

    def look(sound: Sound, *, is_speech: bool) -> None:
        seen.append((sound.seconds, is_speech))
        engine.stop()

    monkeypatch.setattr("appliance.speech.engine.find_speech", look)
    with pytest.raises(CancelledError):
        engine.transcribe(Sound(np.zeros(1000 * 8000, np.float32), 8000), "sv")
    assert seen == [(300, False)]


class _Deaf:
    is_modest = False
    longest_seconds = 28.0

    def recognise(self, pieces: object, language: str, *, is_careful: bool = False) -> list[object]:
        raise AssertionError("there is nothing to hear")

    def stop(self) -> None:
        pass
