"""Whisper's log-mel spectrogram in numpy: 25 ms windows every 10 ms at 16 kHz, as its models were trained."""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.sound import Samples

RATE_HZ: Final = 16_000
HOP: Final = 160
FRAMES_PER_SECOND: Final = RATE_HZ // HOP
_WINDOW: Final = 400
_LEAST_POWER: Final = 1e-10

Floats = NDArray[np.float32]


def log_mel(samples: Samples, bins: int, frames: int) -> Floats:
    """16 kHz samples as (bins, frames); zeros follow a shorter sound, a longer one is cut.

    Power spectrum, mel, log10 down to 8 under the loudest, then (x + 4) / 4: openai/whisper, audio.py.
    """
    kept = samples[: frames * HOP]
    span = min(frames, len(kept) // HOP + 3)
    """Frames that hear anything; all after them are the same silence."""
    wanted = np.zeros(span * HOP, np.float32)
    wanted[: len(kept)] = kept
    padded = np.pad(wanted, _WINDOW // 2, mode="reflect")
    windows = np.lib.stride_tricks.sliding_window_view(padded, _WINDOW)[::HOP][:span]
    waves = np.fft.rfft(windows * _hann(), axis=1)
    mel = np.log10(np.maximum(_mel_filters(bins) @ (waves.real**2 + waves.imag**2).T, _LEAST_POWER))
    floor = max(float(mel.max()) - 8.0, np.log10(_LEAST_POWER))
    features = np.full((bins, frames), (floor + 4.0) / 4.0, np.float32)
    features[:, :span] = (np.maximum(mel, floor) + 4.0) / 4.0
    return features


@cache
def _hann() -> Floats:
    """The periodic Hann window."""
    return np.hanning(_WINDOW + 1)[:-1].astype(np.float32)


@cache
def _mel_filters(bins: int) -> Floats:
    """Triangles on Slaney's mel scale from 0 to 8 kHz, each of unit area: (bins, 201)."""
    edges_hz = _to_hz(np.linspace(_to_mel(0.0), _to_mel(RATE_HZ / 2), bins + 2))
    bin_hz = np.fft.rfftfreq(_WINDOW, 1 / RATE_HZ)
    rising = (bin_hz - edges_hz[:-2, None]) / np.diff(edges_hz)[:-1, None]
    falling = (edges_hz[2:, None] - bin_hz) / np.diff(edges_hz)[1:, None]
    triangles = np.maximum(0, np.minimum(rising, falling))
    area = 2 / (edges_hz[2:] - edges_hz[:-2])
    return (triangles * area[:, None]).astype(np.float32)


_BREAK_HZ: Final = 1000.0
_BREAK_MEL: Final = 15.0
_STEP: Final = float(np.log(6.4)) / 27
"""Slaney's scale is linear up to 1 kHz and logarithmic above it."""


def _to_mel(hz: float) -> float:
    return 3 * hz / 200 if hz < _BREAK_HZ else _BREAK_MEL + float(np.log(hz / _BREAK_HZ)) / _STEP


def _to_hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < _BREAK_MEL, 200 * mel / 3, _BREAK_HZ * np.exp(_STEP * (mel - _BREAK_MEL)))
