"""Whether a stored recording is the comment that was spoken: every audible piece of it, in its place."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.sound import CALL_RATE_HZ

_PIECE: Final = CALL_RATE_HZ // 4
_AUDIBLE: Final = 0.01
"""RMS of full scale."""
_LIKENESS: Final = 0.9
_DRIFT_SECONDS: Final = 0.5
"""Where a packet came late a pause is put in, and moves what follows."""


def pieces_found(spoken: NDArray[np.float32], recorded: NDArray[np.float32]) -> tuple[int, int]:
    """How many audible quarters of a second of the spoken stand in the recording, and how many there are."""
    start = _best_place(spoken, recorded)
    drift = round(_DRIFT_SECONDS * CALL_RATE_HZ)
    found = total = 0
    for at in range(0, len(spoken) - _PIECE + 1, _PIECE):
        piece = spoken[at : at + _PIECE]
        if np.sqrt(np.mean(piece**2)) < _AUDIBLE:
            continue
        total += 1
        around = recorded[max(0, start + at - drift) : max(0, start + at + _PIECE + drift)]
        found += _likeness(piece, around) > _LIKENESS
    return found, total


def _best_place(spoken: NDArray[np.float32], recorded: NDArray[np.float32]) -> int:
    """Where in the recording the spoken begins, in samples."""
    size = len(spoken) + len(recorded)
    product = np.fft.irfft(np.fft.rfft(recorded, size) * np.conj(np.fft.rfft(spoken, size)), size)
    best = int(product.argmax())
    return best if best < len(recorded) else best - size


def _likeness(piece: NDArray[np.float32], around: NDArray[np.float32]) -> float:
    """The greatest correlation of a piece with any stretch of its length."""
    if len(around) < len(piece):
        return 0.0
    products = np.correlate(around, piece, "valid")
    powers = np.convolve(around.astype(np.float64) ** 2, np.ones(len(piece)), "valid")
    return float((products / np.sqrt(np.maximum(powers, 1e-6) * np.sum(piece.astype(np.float64) ** 2))).max())
