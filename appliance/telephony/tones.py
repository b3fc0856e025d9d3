"""Keys heard in the sound itself, for a PBX that sends them no other way (ITU-T Q.23, Q.24).

Each of the eight tones is looked for at fifteen frequencies around its own. A key is two pure tones that fill 30 ms
nearly alone, neither of them off pitch: no voice holds that still.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.sound import CALL_RATE_HZ

_KEYS: Final = ("123A", "456B", "789C", "*0#D")
_TONES_HZ: Final = (697, 770, 852, 941, 1209, 1336, 1477, 1633)
"""Rows, then columns."""
_DETUNINGS: Final = np.linspace(-0.035, 0.035, 15)
_MIDDLE: Final = len(_DETUNINGS) // 2
_MOST_OFF: Final = 4
"""In steps of 0.5 %. Q.24: 1.5 % off is still the tone, 3.5 % is not."""
_MOST_APART: Final = 6
"""Steps between how much the two tones are off: 1.5 % down and 1.5 % up."""
_WINDOW: Final = CALL_RATE_HZ * 30 // 1000
_STEP: Final = CALL_RATE_HZ * 10 // 1000
"""Window and step are together 40 ms: the shortest key fills one window whole."""
_FRAME: Final = CALL_RATE_HZ // 50
_FLOOR: Final = 32768**2 / 2 * 10 ** (-38 / 10)
"""Power of the weakest tone: -38 dB of full scale."""
_SHARE: Final = 0.8
"""Least share of a window's power in its two tones; 15 dB over white noise it is 0.94, in speech at most 0.68."""
_ROW_OVER_COLUMN: Final = 10 ** (10 / 10)
_COLUMN_OVER_ROW: Final = 10 ** (6 / 10)
"""Twist: Q.24 asks for 8 dB and 4 dB; noise may seem to add 2 dB."""
_LET_GO_STEPS: Final = 5
"""Steps without the key until the same key is a new one: a 40 ms gap has five, a lost packet four."""


def _probes() -> NDArray[np.float32]:
    """Samples × (cosines, then sines, of tones × detunings); a tone's power is the sum of its two squares."""
    hz = (np.array(_TONES_HZ)[:, None] * (1 + _DETUNINGS)).ravel()
    phase = 2 * np.pi * np.arange(_WINDOW)[:, None] * hz / CALL_RATE_HZ
    return np.asarray(np.hstack([np.cos(phase), np.sin(phase)]) * np.sqrt(2) / _WINDOW, dtype=np.float32)


_PROBES: Final = _probes()
_EARS: Final = len(_TONES_HZ) * len(_DETUNINGS)


class ToneEar:
    """Fed with 20 ms frames of 8 kHz 16-bit mono PCM; one a call."""

    def __init__(self) -> None:
        self._heard = np.zeros(_WINDOW + _STEP, np.float32)
        self._held = ""
        self._missed_steps = 0

    def hear(self, pcm: bytes) -> str:
        """The key that begins to be heard with this frame, mostly none."""
        self._heard = np.concatenate([self._heard[_FRAME:], np.frombuffer(pcm, "<i2").astype(np.float32)])
        begun = ""
        for key in self._sounding():
            if key:
                begun = key if key != self._held else begun
                self._held, self._missed_steps = key, 0
            else:
                self._missed_steps += 1
                self._held = self._held if self._missed_steps < _LET_GO_STEPS else ""
        return begun

    def _sounding(self) -> tuple[str, ...]:
        return tuple(_key_in(self._heard[start : start + _WINDOW]) for start in (0, _STEP))


def _key_in(samples: NDArray[np.float32]) -> str:
    power = float(samples @ samples) / _WINDOW
    if power < 2 * _FLOOR:
        return ""
    found = samples @ _PROBES
    found *= found
    tones = (found[:_EARS] + found[_EARS:]).reshape(2, -1)
    best_row, best_column = (int(best) for best in tones.argmax(axis=1))
    row_power, column_power = float(tones[0, best_row]), float(tones[1, best_column])
    row, row_off = divmod(best_row, len(_DETUNINGS))
    column, column_off = divmod(best_column, len(_DETUNINGS))
    is_key = (
        min(row_power, column_power) > _FLOOR
        and row_power + column_power > _SHARE * power
        and row_power < _ROW_OVER_COLUMN * column_power
        and column_power < _COLUMN_OVER_ROW * row_power
        and max(abs(row_off - _MIDDLE), abs(column_off - _MIDDLE)) <= _MOST_OFF
        and abs(row_off - column_off) <= _MOST_APART
    )
    return _KEYS[row][column] if is_key else ""
