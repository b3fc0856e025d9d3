"""The tones of a telephone's keys, found in windows of sound (ITU-T Q.23, Q.24).

Each of the eight tones is looked for at fifteen frequencies around its own. A key is two pure tones that fill 30 ms
nearly alone, neither of them off pitch: no voice holds that still.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from appliance.sound import CALL_RATE_HZ, Samples

WINDOW: Final = CALL_RATE_HZ * 30 // 1000
STEP: Final = CALL_RATE_HZ * 10 // 1000
"""Window and step are together 40 ms: the shortest key fills one window whole."""
NO_KEY: Final = -1

_TONES_HZ: Final = (697, 770, 852, 941, 1209, 1336, 1477, 1633)
"""Rows, then columns."""
_DETUNINGS: Final = np.linspace(-0.035, 0.035, 15)
_MIDDLE: Final = len(_DETUNINGS) // 2
_MOST_OFF: Final = 4
"""In steps of 0.5 %. Q.24: 1.5 % off is still the tone, 3.5 % is not."""
_MOST_APART: Final = 6
"""Steps between how much the two tones are off: 1.5 % down and 1.5 % up."""
_SHARE: Final = 0.8
"""Least share of a window's power in its two tones; 15 dB over white noise it is 0.94, in speech at most 0.68."""
_ROW_OVER_COLUMN: Final = 10 ** (10 / 10)
_COLUMN_OVER_ROW: Final = 10 ** (6 / 10)
"""Twist: Q.24 asks for 8 dB and 4 dB; noise may seem to add 2 dB."""

Floats = NDArray[np.float32]
Keys = NDArray[np.int8]


def _probes() -> Floats:
    """Samples × (cosines, then sines, of tones × detunings); a tone's power is the sum of its two squares."""
    hz = (np.array(_TONES_HZ)[:, None] * (1 + _DETUNINGS)).ravel()
    phase = 2 * np.pi * np.arange(WINDOW)[:, None] * hz / CALL_RATE_HZ
    return np.asarray(np.hstack([np.cos(phase), np.sin(phase)]) * np.sqrt(2) / WINDOW, dtype=np.float32)


_PROBES: Final = _probes()


@dataclass(frozen=True, slots=True, eq=False)
class KeyTones:
    """What windows of 30 ms hold of keys; powers are of full scale 1."""

    keys: Keys
    """The key that fills each window, 4 × row + column, or NO_KEY."""
    powers: Floats
    """(windows, 8): of each tone, wherever near its pitch; 0 in windows too faint to be looked at."""

    def power_of(self, key: int) -> Floats:
        """Of one key's two tones, in each window."""
        row, column = divmod(key, 4)
        both: Floats = self.powers[:, row] + self.powers[:, 4 + column]
        return both


def key_windows(samples: Samples) -> Floats:
    """8 kHz sound as windows (n, 240), one every 10 ms: a view of the samples."""
    windows: Floats = sliding_window_view(samples, WINDOW)[::STEP]
    return windows


def key_tones(windows: Floats, floor_db: float) -> KeyTones:
    """Looked for in each window; a tone under `floor_db`, of a full-scale sine, is none."""
    floor = 10 ** (floor_db / 10) / 2
    total = np.einsum("ij,ij->i", windows, windows) / WINDOW
    powers = np.zeros((len(windows), len(_TONES_HZ)), np.float32)
    keys = np.full(len(windows), NO_KEY, np.int8)
    loud = np.flatnonzero(total > 2 * floor)
    if len(loud):
        parts = (windows[loud] @ _PROBES).reshape(-1, 2, len(_TONES_HZ), len(_DETUNINGS))
        tones = parts[:, 0] ** 2 + parts[:, 1] ** 2
        powers[loud] = tones.max(axis=2)
        keys[loud] = _judged(tones, powers[loud], total[loud], floor)
    return KeyTones(keys, powers)


def _judged(tones: Floats, powers: Floats, total: Floats, floor: float) -> Keys:
    """The key of each window by its tones (windows, 8, detunings), the strongest of each, and all of its power."""
    row, column = powers[:, :4].max(axis=1), powers[:, 4:].max(axis=1)
    fills = (np.minimum(row, column) > floor) & (row + column > _SHARE * total)
    fills &= (row < _ROW_OVER_COLUMN * column) & (column < _COLUMN_OVER_ROW * row)
    keys = np.full(len(tones), NO_KEY, np.int8)
    for at in np.flatnonzero(fills):
        pair = int(powers[at, :4].argmax()), 4 + int(powers[at, 4:].argmax())
        row_off, column_off = (int(tones[at, tone].argmax()) - _MIDDLE for tone in pair)
        if max(abs(row_off), abs(column_off)) <= _MOST_OFF and abs(row_off - column_off) <= _MOST_APART:
            keys[at] = 4 * pair[0] + pair[1] - 4
    return keys
