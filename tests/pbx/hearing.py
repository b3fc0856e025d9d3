"""Which parts of a prompt a telephone has heard, and when: by correlation, half a second at a time."""

from pathlib import Path
from typing import Final

import numpy as np
from pbx.citizens import SHIPPED

from appliance.sound import CALL_RATE_HZ, read_wav
from appliance.survey.prompts import PromptLibrary
from appliance.types import Language

_PIECE: Final = CALL_RATE_HZ // 2
_FRAME: Final = CALL_RATE_HZ // 50
_WORDS: Final = 10 ** (-40 / 10)
"""Louder than that is no pause."""
_NOISE: Final = 10 ** (15 / 10)
"""So far above what G.711 does to it is a frame that is the prompt's."""
_SURE: Final = 0.9
"""Correlation; other pieces of the same voice reach 0.6, and a busy machine drops packets."""


def places_heard(prompt: str, recording: Path, library: PromptLibrary = SHIPPED) -> list[float]:
    """For each half second of an 8 kHz recording that is surely of the prompt: the second of the prompt."""
    said = library.samples(prompt, Language.SWEDISH).astype(float)
    heard = read_wav(recording).samples.astype(float)
    pieces = (heard[start : start + _PIECE] for start in range(0, len(heard) - _PIECE, _PIECE))
    found = (_place(said, piece) for piece in pieces)
    return [place for place in found if place is not None]


def disturbed(prompt: str, recording: Path) -> tuple[int, int]:
    """How many 20 ms of a recording that holds the whole prompt are not the prompt's, and of how many with words."""
    said = SHIPPED.samples(prompt, Language.SWEDISH).astype(float)
    heard = read_wav(recording).samples.astype(float)
    size = len(heard) + len(said)
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size)), size)[: len(heard)]
    begin = int(product.argmax())
    end = min(len(said), len(heard) - begin) // _FRAME * _FRAME
    frames = said[:end].reshape(-1, _FRAME)
    noise = heard[begin : begin + end].reshape(-1, _FRAME) - frames
    power, error = (frames**2).mean(axis=1), (noise**2).mean(axis=1)
    speaks = power > _WORDS
    return int((speaks & (error * _NOISE > power)).sum()), int(speaks.sum())


def _place(said: np.ndarray, piece: np.ndarray) -> float | None:
    size = len(said) + len(piece)
    product = np.fft.irfft(np.fft.rfft(said, size) * np.conj(np.fft.rfft(piece, size)), size)[: len(said) - _PIECE]
    best = int(product.argmax())
    energy = np.linalg.norm(piece) * np.linalg.norm(said[best : best + _PIECE])
    return best / CALL_RATE_HZ if product[best] > _SURE * energy > 0 else None
