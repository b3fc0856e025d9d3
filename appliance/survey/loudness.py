"""How loud a recording is, and how it is made fit for the telephone."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from appliance.sound import CALL_RATE_HZ, Samples, Sound

TARGET_DBFS: Final = -20.0
"""Of the speaking parts of every prompt, so that none is louder than its neighbour."""
_PEAK_LIMIT_DBFS: Final = -1.5
_POPS: Final = 0.001
"""The loudest part of all samples may be cut off, so that one pop does not make a whole prompt faint."""
_BLOCK_SAMPLES: Final = CALL_RATE_HZ // 50
_SPEAKING_DB: Final = 26.0
"""A 20 ms block that is at most so far below the loudest one is speech, not a pause."""
_SILENCE_DBFS: Final = -60.0
_CLIPPED: Final = 0.999


@dataclass(frozen=True, slots=True)
class Level:
    """Measured on 8 kHz samples, in dB relative to full scale."""

    rms_dbfs: float
    """Of the speaking parts."""
    peak_dbfs: float
    clipped_samples: int


def measure(samples: Samples) -> Level:
    """The level of the speaking parts; −120 dBFS is digital silence."""
    loud = samples[speaking(samples)]
    return Level(
        rms_dbfs=_decibel(float(np.sqrt(np.mean(loud**2)))) if loud.size else -120.0,
        peak_dbfs=_decibel(float(np.abs(samples).max(initial=0.0))),
        clipped_samples=int(np.count_nonzero(np.abs(samples) >= _CLIPPED)),
    )


def speaking(samples: Samples) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """For each sample whether its 20 ms block belongs to the speech; all false where there is none."""
    blocks = -(-len(samples) // _BLOCK_SAMPLES)
    padded = np.zeros(blocks * _BLOCK_SAMPLES, dtype=np.float32)
    padded[: len(samples)] = samples
    power = np.sqrt(np.mean(padded.reshape(blocks, _BLOCK_SAMPLES) ** 2, axis=1))
    threshold = max(float(power.max(initial=0.0)) * 10 ** (-_SPEAKING_DB / 20), 10 ** (_SILENCE_DBFS / 20))
    return np.repeat(power >= threshold, _BLOCK_SAMPLES)[: len(samples)]


def fit(sound: Sound) -> Samples:
    """As a call plays it: 8 kHz, the telephone's band, no silence around it, the common loudness; empty of nothing."""
    return level_out(trim(telephone_band(sound.at(CALL_RATE_HZ))))


def telephone_band(sound: Sound) -> Samples:
    """What a telephone carries: 300–3400 Hz whole, nothing below 150 or above 3700 Hz."""
    samples = 1 << len(sound.samples).bit_length()  # with silence at its end: a prime length takes many times as much
    spectrum = np.fft.rfft(sound.samples, samples)
    hz = np.fft.rfftfreq(samples, 1 / sound.rate)
    spectrum *= np.clip((hz - 150) / 150, 0, 1) * np.clip((3700 - hz) / 300, 0, 1)
    return np.asarray(np.fft.irfft(spectrum, samples)[: len(sound.samples)], dtype=np.float32)


def trim(samples: Samples, margin_seconds: float = 0.1) -> Samples:
    """Without the silence before the first and after the last word; empty where nothing was said."""
    spoken = np.flatnonzero(speaking(samples))
    if not spoken.size:
        return samples[:0]
    margin = round(margin_seconds * CALL_RATE_HZ)
    return samples[max(0, int(spoken[0]) - margin) : int(spoken[-1]) + margin]


def level_out(samples: Samples) -> Samples:
    """The same sound at the target loudness; a knock or a pop is cut off at the peak limit, words are not."""
    now = measure(samples)
    highest = float(np.quantile(np.abs(samples), 1 - _POPS)) if samples.size else 0.0
    gain_db = min(TARGET_DBFS - now.rms_dbfs, _PEAK_LIMIT_DBFS - _decibel(highest))
    limit = np.float32(10 ** (_PEAK_LIMIT_DBFS / 20))
    louder: Samples = np.clip(samples * np.float32(10 ** (gain_db / 20)), -limit, limit)
    return louder


def _decibel(amplitude: float) -> float:
    return 20 * float(np.log10(max(amplitude, 1e-6)))
