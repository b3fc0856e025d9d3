"""What is heard on the line, by level alone: is someone speaking, since when is it quiet, was there a beep."""

from typing import Final

import numpy as np

from appliance.sound import CALL_RATE_HZ

FRAME_SECONDS: Final = 0.02
_SPEECH_FLOOR: Final = 180.0
"""RMS of 16-bit samples (about -45 dBFS); quieter than this is never speech."""
_OVER_NOISE: Final = 3.0
"""Speech is this many times louder than the line's noise (about 10 dB)."""
_NOISE_RISE: Final = 1.01
"""The noise estimate follows at once downwards, and upwards by this much a frame."""
_BEEP_SECONDS: Final = 0.25
_BEEP_PURITY: Final = 0.8
"""Share of a frame's power in one narrow band."""


class Ear:
    """Fed with 20 ms frames of 8 kHz 16-bit mono PCM; one for each recording or greeting."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.speech_seconds = 0.0
        self.last_speech_at = 0.0
        """Seconds from the beginning to the end of the last speech frame; 0 before any."""
        self.beeped = False
        self._noise = _SPEECH_FLOOR / _OVER_NOISE
        self._beep_seconds = 0.0

    def hear(self, pcm: bytes) -> None:
        samples = np.frombuffer(pcm, "<i2").astype(np.float32)
        level = float(np.sqrt(np.mean(samples**2)))
        self.seconds += FRAME_SECONDS
        self._noise = min(level, self._noise * _NOISE_RISE) if level > 0 else self._noise
        if level > max(_SPEECH_FLOOR, self._noise * _OVER_NOISE):
            self.speech_seconds += FRAME_SECONDS
            self.last_speech_at = self.seconds
            self._listen_for_beep(samples)
        else:
            self._beep_seconds = 0.0

    @property
    def quiet_seconds(self) -> float:
        return self.seconds - self.last_speech_at

    def _listen_for_beep(self, samples: np.ndarray) -> None:
        power = np.abs(np.fft.rfft(samples * np.hanning(len(samples)))) ** 2
        peak = int(power.argmax())
        frequency = peak * CALL_RATE_HZ / len(samples)
        pure = power[max(0, peak - 1) : peak + 2].sum() > _BEEP_PURITY * power.sum() and 350 <= frequency <= 2500
        self._beep_seconds = self._beep_seconds + FRAME_SECONDS if pure else 0.0
        self.beeped = self.beeped or self._beep_seconds >= _BEEP_SECONDS
