"""Which parts of a prompt a telephone has heard, and when: by correlation, half a second at a time."""

from pathlib import Path
from typing import Final

import numpy as np
from pbx.citizens import SHIPPED

from appliance.sound import CALL_RATE_HZ, read_wav
from appliance.types import Language

_PIECE: Final = CALL_RATE_HZ // 2
_SURE: Final = 0.9
"""Correlation; other pieces of the same voice reach 0.6, and a busy machine drops packets."""


def places_heard(prompt: str, recording: Path) -> list[float]:
    """For each half second of an 8 kHz recording that is surely of the prompt: the second of the prompt."""
    said = SHIPPED.samples(prompt, Language.SWEDISH).astype(float)
    heard = read_wav(recording).samples.astype(float)
    pieces = (heard[start : start + _PIECE] for start in range(0, len(heard) - _PIECE, _PIECE))
    found = (_place(said, piece) for piece in pieces)
    return [place for place in found if place is not None]


def _place(said: np.ndarray, piece: np.ndarray) -> float | None:
    size = len(said) + len(piece)
    product = np.fft.irfft(np.fft.rfft(said, size) * np.conj(np.fft.rfft(piece, size)), size)[: len(said) - _PIECE]
    best = int(product.argmax())
    energy = np.linalg.norm(piece) * np.linalg.norm(said[best : best + _PIECE])
    return best / CALL_RATE_HZ if product[best] > _SURE * energy > 0 else None
