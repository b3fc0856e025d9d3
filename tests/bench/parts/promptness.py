"""How soon a prompt follows: from the answer, and from each key, to the packet with the prompt's first sample.

A prompt is known by the first two packets in which it is loud enough to be heard; the few packets of its own opening
silence before those are counted back, for they are already the prompt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from bench.parts.wire import Talk
from numpy.typing import NDArray

from appliance.sound import CALL_RATE_HZ, Samples, _a_law

_FRAME: Final = CALL_RATE_HZ // 50
_AUDIBLE: Final = 300 / 32768
_LIKENESS: Final = 0.98
"""Correlation of 20 ms; A-law and back keeps 0.999."""
_MOST_SECONDS: Final = 3.0


@dataclass(frozen=True, slots=True)
class Wait:
    """What a citizen did (a key, or "answer"), and how long the prompt took to follow; None where none did."""

    after: str
    prompt: str | None
    seconds: float | None


class Prompts:
    """Every prompt's opening, for the ear of a machine."""

    def __init__(self, sounds: Mapping[str, Samples]) -> None:
        self._names: list[str] = []
        self._silent_frames: list[int] = []
        openings = []
        for name, samples in sounds.items():
            silent = int(np.argmax(np.abs(samples) > _AUDIBLE)) // _FRAME
            opening = samples[silent * _FRAME : (silent + 2) * _FRAME]
            if len(opening) == 2 * _FRAME:
                self._names.append(name)
                self._silent_frames.append(silent)
                openings.append(_normal(opening.reshape(2, _FRAME)))
        self._openings = np.array(openings)
        """Prompts × 2 × samples."""

    def first(self, packets: Sequence[tuple[float, bytes]]) -> tuple[float, str] | None:
        """When the first prompt in the packets began, and which; None where there is none."""
        for (at, frame), (_, following) in pairwise(packets):
            if len(frame) != _FRAME or len(following) != _FRAME:
                continue
            pair = _normal(_DECODED[np.frombuffer(frame + following, np.uint8)].reshape(2, _FRAME))
            likeness = (self._openings * pair).sum(axis=2).min(axis=1)
            best = int(likeness.argmax())
            if likeness[best] > _LIKENESS:
                return at - self._silent_frames[best] * _FRAME / CALL_RATE_HZ, self._names[best]
        return None

    def waits(self, talk: Talk) -> list[Wait]:
        """One for the answer, and one for each key."""
        causes = [(talk.answered_at, "answer"), *talk.keys]
        times = [at for at, _ in talk.heard]
        found = []
        for at, cause in causes:
            begin, end = np.searchsorted(times, [at, at + _MOST_SECONDS])
            first = self.first(talk.heard[begin:end])
            found.append(Wait(cause, first[1], first[0] - at) if first else Wait(cause, None, None))
        return found


def _normal(frames: NDArray[np.float64]) -> NDArray[np.float64]:
    length = np.linalg.norm(frames, axis=-1, keepdims=True)
    return np.asarray(frames / np.maximum(length, 1e-3), dtype=np.float64)


_DECODED: Final = _a_law().astype(np.float64)
