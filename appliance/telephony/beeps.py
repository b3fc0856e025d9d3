"""Single steady tones on the line: the beep of a voicemail, the whistle of a fax."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from appliance.sound import CALL_RATE_HZ
from appliance.telephony.ear import FRAME_SAMPLES, FRAME_SECONDS

_LOWEST_HZ, _HIGHEST_HZ = 350, 2200
_FAINTEST: Final = 10 ** (-42 / 20)
_PURITY: Final = 0.85
"""Share of a frame's power in the five bins round its peak: a window's whole main lobe."""
_STEADY_HZ: Final = 15.0
"""An oscillator keeps its pitch; a voice or a whistle does not."""
_LEAST_FRAMES: Final = 8
"""Of a beep of 0.2 s one frame at either end is not whole."""
_MAX_GAP_FRAMES: Final = 2
"""The whistle of a fax turns its phase now and then, which takes a frame or two."""
_WINDOW: Final = np.hanning(FRAME_SAMPLES).astype(np.float32)


@dataclass(slots=True)
class Tone:
    """Seconds are counted from the first frame heard."""

    hz: float
    begun_at: float
    ended_at: float

    @property
    def seconds(self) -> float:
        return self.ended_at - self.begun_at


class ToneEar:
    """Fed with the same 20 ms frames as an `Ear`; `tones` are those of at least 0.16 s, the last may go on."""

    def __init__(self) -> None:
        self.tones: list[Tone] = []
        self.sounds = False
        """Whether the last frame was of a tone that is in the list."""
        self._run: Tone | None = None
        self._frames = 0

    def hear(self, pcm: bytes) -> None:
        now = self._frames * FRAME_SECONDS
        self._frames += 1
        self.sounds = False
        hz = pitch_of(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768))
        run = self._run
        if hz is None:
            if run and now - run.ended_at > (_MAX_GAP_FRAMES - 0.5) * FRAME_SECONDS:
                self._run = None
            return
        if run is None or abs(hz - run.hz) > _STEADY_HZ:
            self._run = Tone(hz, now, now + FRAME_SECONDS)
            return
        run.ended_at = now + FRAME_SECONDS
        if run.seconds > (_LEAST_FRAMES - 0.5) * FRAME_SECONDS:
            self.sounds = True
            if not (self.tones and self.tones[-1] is run):
                self.tones.append(run)


def pitch_of(samples: np.ndarray) -> float | None:
    """The frequency in Hz of a frame that holds one tone and nothing else, else None."""
    if len(samples) < FRAME_SAMPLES or float(np.sqrt(np.mean(samples**2))) < _FAINTEST:
        return None
    power = np.abs(np.fft.rfft(samples * _WINDOW)) ** 2
    peak = int(power[2:-2].argmax()) + 2
    if power[peak - 2 : peak + 3].sum() < _PURITY * power.sum():
        return None
    left, middle, right = np.log(power[peak - 1 : peak + 2] + 1e-12)
    bend = left - 2 * middle + right
    hz = float((peak + (0.5 * (left - right) / bend if bend else 0.0)) * CALL_RATE_HZ / FRAME_SAMPLES)
    return hz if _LOWEST_HZ <= hz <= _HIGHEST_HZ else None
