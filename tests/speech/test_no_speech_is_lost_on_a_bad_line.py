from collections.abc import Callable

import numpy as np
import pytest
from sounds import RATE, comments, tone
from telephony.line_sound import through

from appliance.sound import Samples, Sound
from appliance.speech.level import levelled
from appliance.speech.voice import find_speech


def _at(level_db: float) -> Callable[[Samples], Samples]:
    return lambda samples: samples / np.sqrt(np.mean(samples**2)) * 10 ** (level_db / 20)


def _noisy(samples: Samples) -> Samples:
    power = np.mean(samples**2) / 10**0.5
    return samples + np.random.default_rng(3).normal(0, np.sqrt(power), len(samples))


def _clipped(samples: Samples) -> Samples:
    edge = np.quantile(np.abs(samples), 0.9)
    return samples.clip(-edge, edge) / edge


def _lossy(samples: Samples) -> Samples:
    kept = np.random.default_rng(4).random(len(samples) // 160 + 1) > 0.05
    return samples * np.repeat(kept, 160)[: len(samples)]


def _humming(samples: Samples) -> Samples:
    hum = tone(50, 100, 150, 200, seconds=20, on_seconds=20).samples[: len(samples)]
    return samples + hum * np.sqrt(np.mean(samples**2) / np.mean(hum**2))


LINES = {
    "plain": lambda samples: samples,
    "faint": _at(-45),
    "loud": _at(-8),
    "noise at 5 dB": _noisy,
    "clipped": _clipped,
    "5 % lost": _lossy,
    "an offset": lambda samples: samples / 2 + np.float32(0.1),
    "hum as loud": _humming,
}


@pytest.mark.parametrize("line", LINES)
def test_somebody_is_heard_on(line: str) -> None:
    lost = []
    for sound, text in comments(16):
        worse = LINES[line](sound.samples).clip(-1, 1).astype(np.float32)
        if find_speech(Sound(through("A-law", worse), sound.rate)) is None:
            lost.append(text)
    assert lost == []


@pytest.mark.parametrize("rate", [8000, 16000, 44100])
def test_a_faint_sound_is_raised_whatever_its_rate(rate: int) -> None:
    time = np.arange(2 * rate) / rate
    faint = Sound((0.001 * np.sin(2 * np.pi * 440 * time)).astype(np.float32), rate)
    amid = slice(rate // 2, -rate // 2)
    assert np.abs(levelled(faint).samples[amid]).max() == pytest.approx(10 ** (30 / 20) * 0.001, rel=0.05)
    loud = Sound(faint.samples * 500, rate)
    assert np.abs(levelled(loud).samples - loud.samples)[amid].max() < 0.02


def test_a_line_s_offset_is_taken_out() -> None:
    still = levelled(Sound(np.full(RATE, 0.4, np.float32), RATE))
    assert np.abs(still.samples).max() < 1e-3


@pytest.mark.parametrize("length", [1, 50, 3000])
def test_the_shortest_sounds_keep_their_length(length: int) -> None:
    assert len(levelled(Sound(np.ones(length, np.float32), RATE)).samples) == length
