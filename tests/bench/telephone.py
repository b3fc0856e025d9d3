"""Speech as a telephone line brings it: joined to comments with pauses, mixed with noise, cut to A-law."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.sound import _A_LAW, CALL_RATE_HZ, _decode, read_wav
from appliance.survey.loudness import measure

Samples = NDArray[np.float64]
"""8 kHz mono, full scale is 1; beyond it until `through_the_line` cuts it off."""

RATE: Final = CALL_RATE_HZ
FRAME: Final = RATE // 50
LONGEST_CLIP_SECONDS: Final = 20
TAIL_SECONDS: Final = 12.0
"""The line's noise goes on this long after the last word."""
LONGEST_PAUSE_SECONDS: Final = 3.4
WAVERING_DB: Final = 8.0
"""Nobody speaks every sentence equally loud."""

_LEVELS: Final = np.sort(_decode(bytes(range(256)), _A_LAW, 8).astype(np.float64))


@dataclass(frozen=True, slots=True)
class Comment:
    """One spoken comment on a line; the seconds are of its first and last word."""

    pcm: bytes
    begins_at: float
    ends_at: float

    @property
    def frames(self) -> list[bytes]:
        size = FRAME * 2
        return [self.pcm[at : at + size] for at in range(0, len(self.pcm) - size + 1, size)]


def through_the_line(samples: Samples) -> bytes:
    """As 16-bit PCM after A-law and back; what is too loud is cut off."""
    middles = (_LEVELS[1:] + _LEVELS[:-1]) / 2
    heard = _LEVELS[np.searchsorted(middles, samples.clip(-1, 1))]
    return (heard * 32768).astype("<i2").tobytes()


def load_voices(folder: Path) -> list[Samples]:
    """The spoken clips of a folder at −26 dBFS, from their first loud syllable to their last; none under a second."""
    clips = [at_level(_loud_part(read_wav(path).at(RATE).samples), -26) for path in sorted(folder.rglob("*.wav"))]
    return [clip for clip in clips if RATE < len(clip) < LONGEST_CLIP_SECONDS * RATE]


def _loud_part(samples: NDArray[np.float32]) -> Samples:
    """Without what is 20 dB below the loudest frame at either end: a pause must be as long as it is said to be."""
    frames = samples[: len(samples) // FRAME * FRAME].reshape(-1, FRAME).astype(np.float64)
    power = np.mean(frames**2, axis=1)
    loud = np.flatnonzero(power > power.max() / 100)
    return frames[loud[0] : loud[-1] + 1].ravel()


def at_level(samples: Samples, dbfs: float) -> Samples:
    """With this level in its speaking parts."""
    return samples * 10 ** ((dbfs - measure(samples.astype(np.float32)).rms_dbfs) / 20)


def rms_at(samples: Samples, dbfs: float) -> Samples:
    return samples * (10 ** (dbfs / 20) / max(1e-9, float(np.sqrt(np.mean(samples**2)))))


def telephone_band(samples: Samples) -> Samples:
    """300 to 3400 Hz, with skirts of an octave below and none above."""
    spectrum = np.fft.rfft(samples)
    hz = np.fft.rfftfreq(len(samples), 1 / RATE)
    gain = np.clip((hz / 300) ** 2, 0, 1) * (hz <= 3400)
    return np.fft.irfft(spectrum * gain, len(samples))


def white(length: int, luck: np.random.Generator, _: Sequence[Samples]) -> Samples:
    return luck.normal(size=length)


def hum(length: int, luck: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """The mains and its overtones, with a little hiss."""
    t = np.arange(length) / RATE
    tones = [np.sin(2 * np.pi * 50 * n * t + luck.uniform(0, 6)) / n for n in range(1, 20)]
    return np.asarray(sum(tones)) + 0.02 * luck.normal(size=length)


def car(length: int, luck: np.random.Generator, _: Sequence[Samples]) -> Samples:
    """Rolling: most of it low, swelling and fading slowly."""
    spectrum = np.fft.rfft(luck.normal(size=length))
    hz = np.fft.rfftfreq(length, 1 / RATE)
    rolling = np.fft.irfft(spectrum / np.maximum(hz, 30), length)
    t = np.arange(length) / RATE
    swell = 1 + 0.3 * np.sin(2 * np.pi * 0.21 * t + luck.uniform(0, 6)) + 0.2 * np.sin(2 * np.pi * 1.3 * t)
    return rolling * swell


def _talkers(count: int, length: int, luck: np.random.Generator, clips: Sequence[Samples]) -> Samples:
    total = np.zeros(length)
    for _ in range(count):
        parts: list[Samples] = []
        while sum(map(len, parts)) < length + 3 * RATE:
            parts.append(clips[luck.integers(len(clips))])
        start = luck.integers(3 * RATE)
        total += np.concatenate(parts)[start : start + length]
    return total


def babble(length: int, luck: np.random.Generator, clips: Sequence[Samples]) -> Samples:
    """Ten people talk at once: an office, a café."""
    return _talkers(10, length, luck, clips)


def television(length: int, luck: np.random.Generator, clips: Sequence[Samples]) -> Samples:
    """One voice without end, and music under it."""
    t = np.arange(length) / RATE
    notes = luck.integers(0, 24, length // (RATE // 4) + 1)
    hz = np.repeat(220 * 2 ** (notes / 12), RATE // 4)[:length]
    music = np.sin(2 * np.pi * np.cumsum(hz) / RATE) * np.exp(-6 * (t % 0.25))
    return _talkers(1, length, luck, clips) + 0.02 * music


NOISES: Final[Mapping[str, Callable[[int, np.random.Generator, Sequence[Samples]], Samples]]] = {
    "white": white,
    "hum": hum,
    "car": car,
    "babble": babble,
    "television": television,
}


def comment(
    clips: Sequence[Samples], seed: int, level_dbfs: float = -26, noise: str | None = None, snr_db: float = 0
) -> Comment:
    """Two to five clips with pauses of up to 3.4 s between them, then the line alone."""
    luck, dice = np.random.default_rng(seed), random.Random(seed)
    parts = [np.zeros(round(dice.uniform(0.2, 2.5) * RATE))]
    begins_at = len(parts[0]) / RATE
    for number in range(dice.randint(2, 5)):
        if number:
            parts.append(np.zeros(round(dice.uniform(0.3, LONGEST_PAUSE_SECONDS) * RATE)))
        parts.append(clips[dice.randrange(len(clips))] * 10 ** (dice.uniform(-WAVERING_DB, 0) / 20))
    ends_at = sum(map(len, parts)) / RATE
    speech = at_level(np.concatenate([*parts, np.zeros(round(TAIL_SECONDS * RATE))]), level_dbfs)
    if noise:
        made = telephone_band(NOISES[noise](len(speech), luck, clips))
        speech = speech + rms_at(made, level_dbfs - snr_db)
    return Comment(through_the_line(speech), begins_at, ends_at)
