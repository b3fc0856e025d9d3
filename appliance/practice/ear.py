"""A citizen's ear: recognises the box's prompts by their sound, as soon as their first words have been heard.

It compares spectrograms piece by piece and lets each piece come a little early or late, so that a packet lost or
repeated on a busy machine does not make it deaf.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.sound import CALL_RATE_HZ, Samples

_FRAME: Final = CALL_RATE_HZ // 50
_PIECES: Final = 4
_PIECE_FRAMES: Final = 15
_OPENING_FRAMES: Final = _PIECES * _PIECE_FRAMES
"""1.2 s of a prompt tell it from all others."""
_SLACK_FRAMES: Final = 4
"""A piece may be off its place by this much."""
_WINDOW_FRAMES: Final = _OPENING_FRAMES + 2 * _SLACK_FRAMES
_BANDS: Final = 16
_LOWEST_HZ, _HIGHEST_HZ = 250, 3500
_LIKENESS: Final = 0.8
"""Mean correlation of the pieces; other words in the same voice reach 0.75."""
_DECIDE_FRAMES: Final = 9
"""So long is the best likeness awaited once one is good enough: half a prompt may sound like another one whole."""
_LISTEN_EVERY_FRAMES: Final = 3
_FLOOR: Final = 1e-4
"""Power that counts as silence."""
_LEAST_NORM: Final = 3.0
"""A piece with less contrast than this is pulled towards 0: silence is like nothing."""
_AUDIBLE: Final = 0.99
"""The length of a piece that was not pulled."""

Frames = NDArray[np.float32]
"""Log power by frame and band."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """A prompt whose opening has just been heard, with the seconds until it ends."""

    prompt: str
    seconds_left: float


class Memory:
    """How every prompt begins; one for all citizens of a process."""

    def __init__(self, prompts: Mapping[str, Samples]) -> None:
        self.names: list[str] = []
        self.seconds: list[float] = []
        openings = []
        for name, samples in prompts.items():
            if len(samples) >= _OPENING_FRAMES * _FRAME:
                opening = spectrogram(samples[: _OPENING_FRAMES * _FRAME])
                openings.append(_normal(opening.reshape(_PIECES, _PIECE_FRAMES * _BANDS)))
                self.names.append(name)
                self.seconds.append(len(samples) / CALL_RATE_HZ)
        self.openings = np.array(openings)
        """Prompts × pieces × (frames × bands)."""
        audible = np.linalg.norm(self.openings, axis=-1) > _AUDIBLE
        self._weights = audible / audible.sum(axis=1, keepdims=True)
        """Prompts × pieces: a pause in an opening is not listened for."""

    def likeness(self, heard: Frames) -> NDArray[np.float64]:
        """How much a window sounds like each prompt's opening, 0–1."""
        total = np.zeros(len(self.names))
        for piece in range(_PIECES):
            places = (piece * _PIECE_FRAMES + slack for slack in range(2 * _SLACK_FRAMES + 1))
            windows = np.stack([heard[place : place + _PIECE_FRAMES].ravel() for place in places])
            total += self._weights[:, piece] * (self.openings[:, piece] @ _normal(windows).T).max(axis=1)
        return total


class Ear:
    """Fed with 20 ms frames; deaf to other prompts until a recognised one is over or `refresh` is called."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._heard: Frames = _SILENCE.copy()
        self._deaf_frames = 0
        self._unheard_frames = 0
        self._best = (0.0, 0)
        """Likeness and number of the prompt it most sounded like lately."""
        self._decide_in_frames: int | None = None

    def refresh(self) -> None:
        """Whatever played is interrupted: listen for something new."""
        self._heard[:] = _SILENCE
        self._deaf_frames = 0
        self._best = (0.0, 0)
        self._decide_in_frames = None

    def hear(self, pcm: bytes) -> Recognised | None:
        if self._deaf_frames > 0:
            self._deaf_frames -= 1
            return None
        samples = np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768)
        self._heard = np.concatenate([self._heard[1:], spectrogram(samples)])
        self._unheard_frames += 1
        if self._unheard_frames >= _LISTEN_EVERY_FRAMES:
            self._compare()
        if self._decide_in_frames is None:
            return None
        self._decide_in_frames -= 1
        return self._decide() if self._decide_in_frames <= 0 else None

    def _compare(self) -> None:
        self._unheard_frames = 0
        likeness = self._memory.likeness(self._heard)
        candidate = int(likeness.argmax())
        if likeness[candidate] >= _LIKENESS and likeness[candidate] > self._best[0]:
            self._best = (float(likeness[candidate]), candidate)
            self._decide_in_frames = _DECIDE_FRAMES

    def _decide(self) -> Recognised:
        _, prompt = self._best
        heard_frames = _OPENING_FRAMES + _SLACK_FRAMES + _DECIDE_FRAMES
        left = max(0.0, self._memory.seconds[prompt] - heard_frames / 50)
        self.refresh()
        self._deaf_frames = int(left * 50)
        return Recognised(self._memory.names[prompt], left)


def spectrogram(samples: NDArray[np.float32]) -> Frames:
    """Log power in 16 bands of the telephone band, a row for each 20 ms of 8 kHz samples."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    power = np.abs(np.fft.rfft(frames * np.hanning(_FRAME), axis=1)) ** 2
    return np.asarray(np.log10(power @ _BAND_OF + _FLOOR), dtype=np.float32)


def _normal(pieces: NDArray[np.float32]) -> NDArray[np.float32]:
    """Each row without its mean and of length 1: two of them multiply to their correlation."""
    level = pieces - pieces.mean(axis=-1, keepdims=True)
    length = np.linalg.norm(level, axis=-1, keepdims=True)
    return np.asarray(level / np.maximum(length, _LEAST_NORM), dtype=np.float32)


def _bands() -> NDArray[np.float32]:
    edges = np.geomspace(_LOWEST_HZ, _HIGHEST_HZ, _BANDS + 1)
    bins = np.fft.rfftfreq(_FRAME, 1 / CALL_RATE_HZ)
    nearest = np.abs(np.log(np.maximum(bins, 1)[:, None] / np.sqrt(edges[:-1] * edges[1:])[None])).argmin(axis=1)
    inside = (bins >= _LOWEST_HZ) & (bins <= _HIGHEST_HZ)
    return np.asarray(inside[:, None] & (nearest[:, None] == np.arange(_BANDS)), dtype=np.float32)


_BAND_OF: Final = _bands()
_SILENCE: Final[Frames] = np.full((_WINDOW_FRAMES, _BANDS), np.log10(_FLOOR), dtype=np.float32)
