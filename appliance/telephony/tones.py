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
_GONE: Final = 10 ** (-15 / 10)
"""Less than this share of its power is left of a key that was let go. A gap of 40 ms holds a whole window of it; a
packet lost within the key, filled in or not, leaves more."""

_Pair = tuple[int, int]
"""Row and column of a key, both from 0."""


def _probes() -> NDArray[np.float32]:
    """Samples × (cosines, then sines, of tones × detunings); a tone's power is the sum of its two squares."""
    hz = (np.array(_TONES_HZ)[:, None] * (1 + _DETUNINGS)).ravel()
    phase = 2 * np.pi * np.arange(_WINDOW)[:, None] * hz / CALL_RATE_HZ
    return np.asarray(np.hstack([np.cos(phase), np.sin(phase)]) * np.sqrt(2) / _WINDOW, dtype=np.float32)


_PROBES: Final = _probes()
_SILENT: Final = np.zeros((len(_TONES_HZ), len(_DETUNINGS)), np.float32)


class KeyEar:
    """Fed with 20 ms frames of 8 kHz 16-bit mono PCM; one a call."""

    def __init__(self) -> None:
        self._heard = np.zeros(_WINDOW + _STEP, np.float32)
        self._held: _Pair | None = None
        self._loudness = 0.0
        """Power of the key that is held."""

    def hear(self, pcm: bytes) -> str:
        """The key that begins to be heard with this frame, mostly none."""
        self._heard = np.concatenate([self._heard[_FRAME:], np.frombuffer(pcm, "<i2").astype(np.float32)])
        begun = ""
        for start in (0, _STEP):
            window = _Window(self._heard[start : start + _WINDOW])
            if pair := window.pair:
                begun = _KEYS[pair[0]][pair[1]] if pair != self._held else begun
                self._held, self._loudness = pair, window.power_of(pair)
            elif self._held and window.power_of(self._held) < _GONE * self._loudness:
                self._held = None
        return begun


class _Window:
    """30 ms of sound."""

    def __init__(self, samples: NDArray[np.float32]) -> None:
        self._power = float(samples @ samples) / _WINDOW
        self._tones = _SILENT  # tones × detunings
        if self._power > 2 * _FLOOR:
            parts = (samples @ _PROBES).reshape(2, len(_TONES_HZ), len(_DETUNINGS))
            self._tones = parts[0] ** 2 + parts[1] ** 2

    def power_of(self, pair: _Pair) -> float:
        row, column = pair
        return float(self._tones[row].max() + self._tones[4 + column].max())

    @property
    def pair(self) -> _Pair | None:
        """The key that fills it, None where there is none."""
        row, row_off, row_power = _strongest(self._tones[:4])
        column, column_off, column_power = _strongest(self._tones[4:])
        is_key = (
            min(row_power, column_power) > _FLOOR
            and row_power + column_power > _SHARE * self._power
            and row_power < _ROW_OVER_COLUMN * column_power
            and column_power < _COLUMN_OVER_ROW * row_power
            and max(abs(row_off), abs(column_off)) <= _MOST_OFF
            and abs(row_off - column_off) <= _MOST_APART
        )
        return (row, column) if is_key else None


def _strongest(tones: NDArray[np.float32]) -> tuple[int, int, float]:
    """Which of the tones, how many steps off pitch, and its power."""
    tone, detuning = divmod(int(tones.argmax()), len(_DETUNINGS))
    return tone, detuning - _MIDDLE, float(tones[tone, detuning])
