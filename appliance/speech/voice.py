"""Where in a sound somebody speaks, by Silero's voice activity and by level, and where it is best cut."""

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from appliance.sound import CALL_RATE_HZ, Samples, Sound
from appliance.speech.cleaning import Cleaning, cleaning
from appliance.speech.level import levelled
from appliance.speech.silero import CHUNK as _CHUNK
from appliance.speech.silero import RATE_HZ, probabilities
from appliance.speech.transcript import Piece

_CHUNK_SECONDS: Final = _CHUNK / RATE_HZ
_SPEECH: Final = 0.5
"""Silero's own threshold on its probability of speech."""
_TRACE: Final = 0.1
"""Noise and tones stay under it; rendered voices, which Silero hardly knows, rise above it somewhere."""
_LEAST_SECONDS: Final = 0.2
"""Less than this in a whole comment is a click or a cough."""
_LEAD_SECONDS: Final = 0.3
"""Kept before and after the speech: soft consonants fall below every threshold."""
_MOST_SILENCE_SECONDS: Final = 2.0
"""Between words; where somebody thinks for longer, nobody need listen."""
_LEAST_PAUSE_SECONDS: Final = 0.25
"""Shorter than this are the stops within words."""
_SURELY_CALM: Final = 100.0
"""A chunk of a pause counts for more than any level, in dB."""
_SURE: Final = 0.9
_SURE_SECONDS: Final = 0.4
"""So long Silero has no doubt in human speech (at least 0.8 s of 66 clips), and never in noise, tones and breath."""
_SURE_AMID_SECONDS: Final = 1.0
"""In one stretch: perhaps somebody speaks, whatever stands beside; of 2 000 clips only one of mains hum is so."""
_SURE_AMID_SHARE: Final = 0.1
"""Of that stretch: a long piece of music must not add up to it."""
_MOST_STANDING_SURE: Final = 0.25
_MOST_STANDING: Final = 0.13
"""Share of power in standing lines: at most 0.08 in speech, at least 0.14 in noise, 0.16 in music."""
_STANDING_CHUNKS: Final = 31
"""One second, in which something stands or does not."""

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Speech:
    """A sound's part from the first spoken word to the last, 16 kHz."""

    samples: Samples
    levels_db: Floats
    """One a chunk of 32 ms."""
    is_active: Flags
    """Whether somebody speaks, one a chunk."""
    is_sure: bool
    """False: it may be music or tones; the recogniser has the last word."""

    @property
    def spoken_seconds(self) -> float:
        return float(self.is_active.sum()) * _CHUNK_SECONDS


def find_speech(sound: Sound, *, is_speech: bool = False) -> Speech | None:
    """Trim a sound to its speech; None where nobody speaks. With `is_speech` the caller knows that somebody does."""
    if sound.seconds < _LEAST_SECONDS:
        return None
    sound = levelled(sound)
    clean = cleaning(sound.at(CALL_RATE_HZ).samples)
    chunks = _chunks(_silenced(sound.at(RATE_HZ).samples, clean.is_silenced))
    voiced = probabilities(chunks)
    spoken = _stretches(voiced, clean)
    sure_seconds = sum(each.sure_seconds for each in spoken if each.standing_share < _MOST_STANDING_SURE)
    is_sure = sure_seconds >= _SURE_SECONDS or is_speech
    trace_seconds = sum(each.trace_seconds for each in spoken if each.may_be_speech or is_sure)
    if trace_seconds < _LEAST_SECONDS:
        return None
    levels_db = 20 * np.log10(np.sqrt((chunks.astype(np.float64) ** 2).mean(axis=1)) + 1e-6)
    active = (voiced >= _SPEECH) | (_is_loud(levels_db) & ~_stands(voiced, clean))
    if not active.any():
        return None
    kept = _kept(active)
    return Speech(chunks[kept].reshape(-1), levels_db[kept], active[kept], is_sure)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A part of a sound where voice activity sees a trace of a voice."""

    seconds: float
    trace_seconds: float
    sure_seconds: float
    standing_share: float

    @property
    def may_be_speech(self) -> bool:
        """Little of it stands, or voice activity is certain all the same: a voice amid a tone, or mains hum."""
        is_sure_amid = self.sure_seconds >= max(_SURE_AMID_SECONDS, _SURE_AMID_SHARE * self.seconds)
        return is_sure_amid or self.standing_share < _MOST_STANDING


def _stretches(voiced: NDArray[np.float32], clean: Cleaning) -> list[_Stretch]:
    """Judged one by one: what stands before or after somebody speaks says nothing of the voice."""
    edges = np.flatnonzero(np.diff(np.r_[False, _near(voiced >= _TRACE), False])).reshape(-1, 2)
    return [
        _Stretch(
            float(end - start) * _CHUNK_SECONDS,
            float((voiced[start:end] >= _TRACE).sum()) * _CHUNK_SECONDS,
            float((voiced[start:end] >= _SURE).sum()) * _CHUNK_SECONDS,
            clean.standing_share_of(slice(start, end)),
        )
        for start, end in edges
    ]


def _stands(voiced: NDArray[np.float32], clean: Cleaning) -> Flags:
    """Chunks of music, and of what else stands for a second, away from any voice."""
    before = _STANDING_CHUNKS // 2
    standing, power = (
        np.convolve(part, np.ones(_STANDING_CHUNKS))[before : before + len(part)]
        for part in (clean.standing, clean.power)
    )
    stands = np.resize(standing >= _MOST_STANDING_SURE * (power + 1e-9), len(voiced))
    return stands & ~_near(voiced >= _TRACE)


def _near(flags: Flags) -> Flags:
    """Each flagged chunk and those a lead before and after it."""
    lead = round(_LEAD_SECONDS / _CHUNK_SECONDS)
    padded = np.pad(flags, lead)
    found: Flags = np.asarray(sliding_window_view(padded, 2 * lead + 1).any(axis=1))
    return found


def _kept(active: Flags) -> Flags:
    """From shortly before the first word to shortly after the last, without the middle of a long silence."""
    where = np.flatnonzero(active)
    lead, silence = (round(seconds / _CHUNK_SECONDS) for seconds in (_LEAD_SECONDS, _MOST_SILENCE_SECONDS))
    kept: Flags = np.convolve(active, np.ones(silence))[silence // 2 :][: len(active)] > 0
    kept[: max(int(where[0]) - lead, 0)] = False
    kept[int(where[-1]) + 1 + lead :] = False
    return kept


def _silenced(samples: Samples, is_silenced: Flags) -> Samples:
    """16 kHz samples without what was found at 8 kHz: a wide sound keeps its band."""
    if not is_silenced.any():
        return samples
    twice = np.repeat(is_silenced, RATE_HZ // CALL_RATE_HZ)
    return np.where(np.resize(twice, len(samples)), np.float32(0), samples)


def _chunks(samples: Samples) -> Samples:
    return np.pad(samples, (0, -len(samples) % _CHUNK)).reshape(-1, _CHUNK)


def _is_loud(levels_db: Floats) -> Flags:
    """Chunks that stand out from the line's noise and are not far under the loudest."""
    quiet, loud = np.percentile(levels_db, [10, 95])
    return np.greater(levels_db, max(quiet + 12, loud - 25, -55))


def pieces(speech: Speech, limit_seconds: float) -> list[Piece]:
    """The speech in pieces of at most this length, each cut in a pause where its last third has one."""
    limit = int(limit_seconds / _CHUNK_SECONDS)
    calm = _calm(speech)
    total = len(calm)
    cuts = [0]
    while total - cuts[-1] > limit:
        earliest = cuts[-1] + limit * 2 // 3
        cuts.append(earliest + int(np.argmax(calm[earliest : cuts[-1] + limit])))
    return [
        Piece(speech.samples[start * _CHUNK : end * _CHUNK], float(speech.is_active[start:end].sum()) * _CHUNK_SECONDS)
        for start, end in pairwise([*cuts, total])
        if speech.is_active[start:end].any()
    ]


def _calm(speech: Speech) -> Floats:
    """How well a cut is placed before each chunk: in the middle of the longest pause, else where it is quietest."""
    calm = -np.convolve(speech.levels_db, np.ones(7) / 7)[3:-3]
    pauses = np.flatnonzero(np.diff(np.r_[True, speech.is_active, True])).reshape(-1, 2)
    for start, end in pauses[np.ptp(pauses, axis=1) * _CHUNK_SECONDS >= _LEAST_PAUSE_SECONDS]:
        calm[(start + end) // 2] += _SURELY_CALM * (end - start)
    return calm
