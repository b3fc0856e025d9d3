"""Keys heard in the sound itself, for a PBX that sends them no other way."""

from typing import Final

import numpy as np

from appliance.sound import CALL_RATE_HZ
from appliance.tones import NO_KEY, STEP, WINDOW, key_tones, key_windows

_KEYS: Final = "123A456B789C*0#D"
_FRAME: Final = CALL_RATE_HZ // 50
_FLOOR_DB: Final = -38.0
"""The weakest tone that is a key."""
_GONE: Final = 10 ** (-15 / 10)
"""Less than this share of its power is left of a key that was let go. A gap of 40 ms holds a whole window of it; a
packet lost within the key, filled in or not, leaves more."""


class KeyEar:
    """Fed with 20 ms frames of 8 kHz 16-bit mono PCM; one a call."""

    def __init__(self) -> None:
        self._heard = np.zeros(WINDOW + STEP, np.float32)
        self._windows = key_windows(self._heard)
        """A view: what is heard is written under it."""
        self._held = NO_KEY
        self._loudness = 0.0
        """Power of the key that is held."""

    def hear(self, pcm: bytes) -> str:
        """The key that begins to be heard with this frame, mostly none."""
        self._heard[:-_FRAME] = self._heard[_FRAME:]
        self._heard[-_FRAME:] = np.frombuffer(pcm, "<i2") / np.float32(32768)
        tones = key_tones(self._windows, _FLOOR_DB)
        begun = ""
        for at, key in enumerate(tones.keys.tolist()):
            if key != NO_KEY:
                begun = _KEYS[key] if key != self._held else begun
                self._held, self._loudness = key, float(tones.power_of(key)[at])
            elif self._held != NO_KEY and tones.power_of(self._held)[at] < _GONE * self._loudness:
                self._held = NO_KEY
        return begun
