"""A citizen's ear: recognises the box's prompts by their sound, as soon as their first words have been heard."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.survey.wav import CALL_RATE_HZ, read_wav

_RATE: Final = CALL_RATE_HZ // 2
_OPENING: Final = int(1.2 * _RATE)
"""So much of a prompt tells it from all others."""
_WINDOW: Final = int(1.5 * _RATE)
_LISTEN_EVERY: Final = int(0.1 * _RATE)
_FFT: Final = 8192
_LIKENESS: Final = 0.88
"""A-law and a lost packet leave more than this; a stray vowel of the same voice has less."""
_SILENCE: Final = 0.001


@dataclass(frozen=True, slots=True)
class Recognised:
    """A prompt whose opening has just been heard, with the seconds until it ends."""

    prompt: str
    seconds_left: float


class Memory:
    """How every prompt begins; one for all citizens of a process."""

    def __init__(self, prompts: Mapping[str, Path]) -> None:
        self.names: list[str] = []
        self.seconds: list[float] = []
        spectra = []
        for name, path in prompts.items():
            samples, rate = read_wav(path)
            half = _halve(samples)
            if rate == CALL_RATE_HZ and len(half) >= _OPENING:
                opening = half[:_OPENING] / np.linalg.norm(half[:_OPENING])
                spectra.append(np.conj(np.fft.rfft(opening, _FFT)))
                self.names.append(name)
                self.seconds.append(len(samples) / rate)
        self.spectra = np.array(spectra)


class Ear:
    """Fed with 20 ms frames; deaf to other prompts until a recognised one is over or `refresh` is called."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._heard: NDArray[np.float32] = np.zeros(_WINDOW, dtype=np.float32)
        self._unheard = 0
        self._deaf_samples = 0

    def refresh(self) -> None:
        """Whatever played is interrupted: listen for something new."""
        self._heard[:] = 0
        self._unheard = 0
        self._deaf_samples = 0

    def hear(self, pcm: bytes) -> Recognised | None:
        new = _halve(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768))
        if self._deaf_samples > 0:
            self._deaf_samples -= len(new)
            return None
        self._heard = np.concatenate([self._heard[len(new) :], new])
        self._unheard += len(new)
        if self._unheard < _LISTEN_EVERY:
            return None
        self._unheard = 0
        return self._recognise()

    def _recognise(self) -> Recognised | None:
        lags = _WINDOW - _OPENING
        energy = np.concatenate([[0.0], np.cumsum(self._heard.astype(np.float64) ** 2)])
        loudness = np.sqrt(energy[_OPENING : _OPENING + lags + 1] - energy[: lags + 1])
        audible = loudness > _SILENCE * np.sqrt(_OPENING)
        if not audible.any():
            return None
        likeness = np.fft.irfft(np.fft.rfft(self._heard, _FFT) * self._memory.spectra, _FFT)[:, : lags + 1]
        likeness = np.where(audible, likeness / np.maximum(loudness, _SILENCE), 0.0)
        best, lag = np.unravel_index(likeness.argmax(), likeness.shape)
        if likeness[best, lag] < _LIKENESS:
            return None
        left = self._memory.seconds[best] - (_WINDOW - int(lag)) / _RATE
        self.refresh()
        self._deaf_samples = max(0, int(left * _RATE))
        return Recognised(self._memory.names[best], max(0.0, left))


def _halve(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """Half the rate; the telephone band survives well enough to be known again."""
    even = samples[: len(samples) // 2 * 2]
    return np.asarray(even.reshape(-1, 2).mean(axis=1), dtype=np.float32)
