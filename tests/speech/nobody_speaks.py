"""Clips of telephone lines on which nobody speaks, made from a seed; there are no words in any of them."""

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import signal

from appliance.sound import CALL_RATE_HZ as RATE
from appliance.sound import Sound, _a_law

Wave = NDArray[np.float64]
Rng = np.random.Generator
Maker = Callable[[Rng, int], Wave]
"""So many samples at 8 kHz."""

_A_LAW: Final = np.unique(_a_law())
_NOISE_DB: Final = (-60, -50, -40, -30, -18)
_ROWS_HZ: Final = (697, 770, 852, 941)
_COLUMNS_HZ: Final = (1209, 1336, 1477, 1633)
_SCALE: Final = (0, 2, 4, 5, 7, 9, 11, 12, 14, 16)
"""Major, in half tones."""


def through_a_law(samples: Wave) -> NDArray[np.float32]:
    """What is left of a sound after G.711: each sample the nearest that the law can say."""
    return _A_LAW[np.searchsorted((_A_LAW[1:] + _A_LAW[:-1]) / 2, samples)]


def clips(makers: dict[str, tuple[int, Maker]], seed: int) -> Iterator[tuple[str, Sound]]:
    """Kind and sound of so many clips each, 2–15 s, −40 to −6 dBFS at their peak, over a line that hisses."""
    rng = np.random.default_rng(seed)
    for kind, (count, make) in makers.items():
        for _ in range(count):
            length = int(rng.uniform(2, 15) * RATE)
            wave = make(rng, length)
            if kind not in {"silence", "noise"}:
                wave = wave / max(float(np.abs(wave).max()), 1e-9) * _gain(rng.uniform(-40, -6))
                wave = wave + rng.standard_normal(length) * _gain(rng.uniform(-75, -45))
            yield kind, Sound(through_a_law(wave), RATE)


def _gain(level_db: float) -> float:
    return float(10 ** (level_db / 20))


def _time(length: int) -> Wave:
    return np.arange(length) / RATE


def _band(wave: Wave, low_hz: float, high_hz: float) -> Wave:
    filtered: Wave = signal.lfilter(*signal.butter(2, [low_hz, high_hz], "bandpass", fs=RATE), wave)
    return filtered


def _swept(hz: Wave, overtones: int, falling: float = 1.0) -> Wave:
    """A tone of changing pitch with its overtones, as far as the line carries them."""
    phase = 2 * np.pi * np.cumsum(hz) / RATE
    heard = [np.sin(n * phase) * (n * hz < 3800) / n**falling for n in range(1, overtones + 1)]
    total: Wave = np.sum(heard, axis=0)
    return total


def _silence(rng: Rng, length: int) -> Wave:
    return rng.standard_normal(length) * rng.choice([0.0, _gain(-75)])


def _noise(rng: Rng, length: int) -> Wave:
    wave = rng.standard_normal(length)
    match rng.choice(["white", "pink", "brown", "road", "wind"]):
        case "pink":
            pink = [0.049922, -0.095993, 0.050612, -0.004408], [1, -2.494956, 2.017265, -0.522189]
            wave = signal.lfilter(*pink, wave)
        case "brown":
            wave = signal.lfilter([1], [1, -0.98], wave)
        case "road":
            wave = _band(wave, 60, 400)
        case "wind":
            gusts = 1 + np.sin(2 * np.pi * rng.uniform(0.1, 0.6) * _time(length))
            wave = signal.lfilter(*signal.butter(2, 300, fs=RATE), wave) * gusts
    return wave / np.sqrt((wave**2).mean()) * _gain(rng.choice(_NOISE_DB))


def _tones(length: int, *tones_hz: float, on_seconds: float = 1.0, every_seconds: float = 1.0) -> Wave:
    time = _time(length)
    wave: Wave = np.sum([np.sin(2 * np.pi * hz * time) for hz in tones_hz], axis=0)
    return wave * (time % every_seconds < on_seconds)


def _line_tone(rng: Rng, length: int) -> Wave:
    """Ring-back, busy and dial tone of Sweden, ring-back of America, mains hum."""
    waves = [
        lambda: _tones(length, 425, on_seconds=1, every_seconds=5),
        lambda: _tones(length, 425, on_seconds=0.25, every_seconds=0.5),
        lambda: _tones(length, 425),
        lambda: _tones(length, 440, 480, on_seconds=2, every_seconds=6),
        lambda: _tones(length, 50, 100, 150, 250),
    ]
    return waves[rng.integers(len(waves))]()


def _keys(rng: Rng, length: int) -> Wave:
    wave, at = np.zeros(length), int(rng.uniform(0, 1) * RATE)
    while at < length - RATE // 5:
        held = min(int(rng.uniform(0.05, 0.5) * RATE), length - at)
        wave[at : at + held] = _tones(held, rng.choice(_ROWS_HZ), rng.choice(_COLUMNS_HZ))
        at += held + int(rng.uniform(0.05, 2.5) * RATE)
    return wave


def _breathing(rng: Rng, length: int) -> Wave:
    hiss = _band(rng.standard_normal(length), rng.uniform(200, 600), rng.uniform(1500, 3300))
    swell = np.sin(2 * np.pi * rng.uniform(0.2, 0.6) * _time(length) + rng.uniform(0, 6)).clip(0, 1)
    return hiss * swell ** rng.uniform(0.5, 3)


def _music(rng: Rng, length: int) -> Wave:
    """One to three plucked notes each half beat, some with vibrato, and half the time a drum."""
    wave, root, beat = np.zeros(length), rng.uniform(100, 250), int(RATE * 60 / rng.uniform(70, 150))
    for at in range(0, length, beat // 2):
        for _ in range(rng.integers(1, 4)):
            held = min(int(rng.uniform(0.5, 3) * beat), length - at)
            hz = root * 2 ** (rng.choice(_SCALE) / 12) * rng.choice([0.5, 1, 2])
            vibrato = 1 + 0.003 * np.sin(2 * np.pi * 5 * _time(held)) * rng.integers(2)
            note = _swept(hz * vibrato, 7, rng.uniform(0.8, 2))
            wave[at : at + held] += note * np.exp(-_time(held) * rng.uniform(0.5, 6))
        if rng.random() < 0.5:
            _strike(rng, wave, at, 0.1, rng.uniform(20, 60), rng.uniform(0.5, 2))
    return wave


def _strike(rng: Rng, wave: Wave, at: int, seconds: float, decay: float, loudness: float) -> None:
    """Noise that dies away, added at one place."""
    held = min(int(seconds * RATE), len(wave) - at)
    wave[at : at + held] += rng.standard_normal(held) * np.exp(-_time(held) * decay) * loudness


def _clicks(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in rng.integers(0, length, rng.integers(1, 30)):
        _strike(rng, wave, at, rng.uniform(0.002, 0.05), rng.uniform(80, 1600), 1)
    return wave


MAKERS: Final[dict[str, tuple[int, Maker]]] = {
    "silence": (100, _silence),
    "noise": (700, _noise),
    "music": (300, _music),
    "line tone": (300, _line_tone),
    "keys": (240, _keys),
    "breathing": (240, _breathing),
    "clicks": (120, _clicks),
}
"""How many clips of each kind, 2 000 in all."""
