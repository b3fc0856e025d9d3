"""What is heard on the line, by level alone: is someone speaking, how loudly, and since when is it quiet.

Speech stands out from the line's noise, and it is not much fainter than the same voice was a moment ago: so neither
a hum nor a room full of people keeps a recording open. Measured by tests/bench/hearing.py; figures in tests/README.md.
"""

import math
from collections import deque
from typing import Final

import numpy as np

from appliance.sound import CALL_RATE_HZ

FRAME_SECONDS: Final = 0.02
FRAME_SAMPLES: Final = round(CALL_RATE_HZ * FRAME_SECONDS)
_SMOOTH_FRAMES: Final = 5
"""Levels are of the last 100 ms: a click is no speech, and noise varies less."""
_FLOOR_DBFS: Final = -48.0
"""Quieter than this is never speech."""
_OVER_NOISE_DB: Final = 6.0
"""Speech is this much louder than the line's noise."""
_LEAST_NOISE_DBFS: Final = _FLOOR_DBFS - _OVER_NOISE_DB
_NOISE_RISE_DB: Final = 4.0 * FRAME_SECONDS
"""The noise follows the level downwards at once, upwards by 4 dB a second."""
_UNDER_VOICE_DB: Final = 14.0
"""What is fainter than the voice by this much is somebody else, or a television."""
_VOICE_RISE: Final = 0.05
_VOICE_FALL: Final = 0.002
"""Shares of the way a frame: the voice's level is that of its loud syllables, and what is faint pulls it down late."""
_VOICE_FADE_DB: Final = 0.5 * FRAME_SECONDS
"""While it is quiet the voice may come back fainter: half a dB a second."""
CLIPPED_AMPLITUDE: Final = 32_000
"""Of 16-bit samples; the outermost steps of A-law and mu-law lie beyond it."""


class Ear:
    """Fed with 20 ms frames of 8 kHz 16-bit mono PCM; one for each recording or greeting."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.speech_seconds = 0.0
        self.last_speech_at = 0.0
        """Seconds from the beginning to the end of the last speech; 0 before any."""
        self.speaks = False
        """Whether the last frame was speech."""
        self._powers: deque[float] = deque(maxlen=_SMOOTH_FRAMES)
        self._noise_dbfs = _LEAST_NOISE_DBFS
        self._voice_dbfs = _FLOOR_DBFS
        self._speech_power = 0.0
        self._speech_samples = 0
        self._clipped_samples = 0

    def hear(self, pcm: bytes) -> None:
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        power = float(np.mean(samples**2)) / 2**30
        self._powers.append(power)
        level_dbfs = decibel(sum(self._powers) / _SMOOTH_FRAMES)
        self.seconds += FRAME_SECONDS
        self._noise_dbfs = max(_LEAST_NOISE_DBFS, min(level_dbfs, self._noise_dbfs + _NOISE_RISE_DB))
        faintest = max(_FLOOR_DBFS, self._noise_dbfs + _OVER_NOISE_DB, self._voice_dbfs - _UNDER_VOICE_DB)
        self.speaks = level_dbfs > faintest
        if self.speaks:
            self._take_speech(samples, power, level_dbfs)
        else:
            self._voice_dbfs -= _VOICE_FADE_DB

    def _take_speech(self, samples: np.ndarray, power: float, level_dbfs: float) -> None:
        self.speech_seconds += FRAME_SECONDS
        self.last_speech_at = self.seconds
        louder = level_dbfs - self._voice_dbfs
        self._voice_dbfs += louder * (_VOICE_RISE if louder > 0 else _VOICE_FALL)
        self._speech_power += power * len(samples)
        self._speech_samples += len(samples)
        self._clipped_samples += int(np.count_nonzero(np.abs(samples) >= CLIPPED_AMPLITUDE))

    @property
    def quiet_seconds(self) -> float:
        return self.seconds - self.last_speech_at

    @property
    def level_dbfs(self) -> float:
        """Of the speech; −100 dBFS before any."""
        return decibel(self._speech_power / max(1, self._speech_samples))

    @property
    def clipped_share(self) -> float:
        """Of the speech's samples, 0–1."""
        return self._clipped_samples / max(1, self._speech_samples)


def decibel(power: float) -> float:
    """Of a mean square relative to full scale; never below −100."""
    return 10 * math.log10(max(power, 1e-10))
