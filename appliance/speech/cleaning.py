"""Keys and standing tones, found so that they are silenced before anybody listens: no voice holds a pitch so still.

What stands is seen in windows of 64 ms, one every 32 ms, at 8 kHz: a step is one of Silero's chunks.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from appliance import tones
from appliance.sound import CALL_RATE_HZ, Samples

STEP: Final = CALL_RATE_HZ * 32 // 1000
_WINDOW: Final = 2 * STEP
_LOWEST_BIN: Final = 3
"""47 Hz: below is no telephone."""
_VOICE_BIN: Final = 13
"""250 Hz, counted from the lowest: mains hum stands below."""
_STANDING_STEPS: Final = 6
"""A line that stays for 190 ms is no voice's: voices rise and fall."""
_TONE_SHARE: Final = 0.9
"""Of a step's power in lines that stand, and in its two greatest lines, where there is a tone and nothing else."""
_LINE_BINS: Final = 2
"""To either side of a line's middle."""
_LEAST_TONE_STEPS: Final = 5
_KEY_FLOOR_DB: Final = -48.0
"""10 dB below what counts as pressed: nothing depends on it here but that the key is not heard."""
_KEY_EDGE: Final = tones.STEP * 2
"""A key's first and last samples, which fill no window whole."""

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Cleaning:
    """What of a sound is no voice."""

    is_silenced: Flags
    """One a sample at 8 kHz: keys, and tones with nothing else."""
    standing: Floats
    """One a step: power over 250 Hz in lines that have stood and will stand, each at its weakest."""
    power: Floats
    """One a step: all power over 250 Hz; neither counts where something is silenced."""

    @property
    def standing_share(self) -> float:
        return self.standing_share_of(slice(None))

    def standing_share_of(self, steps: slice) -> float:
        """0–1: at most 0.08 in speech, 0.12 in speech amid noise; at least 0.14 in noise and in music."""
        return float(self.standing[steps].sum() / max(float(self.power[steps].sum()), 1e-9))


def cleaning(samples: Samples) -> Cleaning:
    """Of 8 kHz sound."""
    bins = _bins(samples)
    power = bins.sum(axis=1)
    weakest = _filtered(bins, np.min, _STANDING_STEPS)
    stands = _filtered(weakest, np.max, _STANDING_STEPS).sum(axis=1) > _TONE_SHARE * power
    pure = stands & (_in_two_lines(bins) > _TONE_SHARE * power)
    is_tone = _filtered(_filtered(pure[:, None], np.min, _LEAST_TONE_STEPS), np.max, _LEAST_TONE_STEPS)[:, 0]
    is_silenced = np.repeat(is_tone, STEP)[: len(samples)] | _is_key(samples)
    starts = np.arange(0, len(samples), STEP)
    touched = np.logical_or.reduceat(is_silenced, starts) if len(samples) else is_tone
    left = ~_filtered(touched[:, None], np.max, 3)[:, 0]
    standing, all_power = (part[:, _VOICE_BIN:].sum(axis=1)[: len(left)] * left for part in (weakest, bins))
    return Cleaning(is_silenced, standing, all_power)


def _is_key(samples: Samples) -> Flags:
    """Which samples belong to a key."""
    found = np.zeros(len(samples), bool)
    if len(samples) >= tones.WINDOW:
        keys = tones.key_tones(tones.key_windows(samples), _KEY_FLOOR_DB).keys
        for start in np.flatnonzero(keys != tones.NO_KEY) * tones.STEP:
            found[max(start - _KEY_EDGE, 0) : start + tones.WINDOW + _KEY_EDGE] = True
    return found


def _bins(samples: Samples) -> Floats:
    """Power of each line in each step."""
    steps = max(-(-len(samples) // STEP), 1)
    padded = np.pad(samples, (STEP // 2, steps * STEP - len(samples) + STEP // 2))
    windows = sliding_window_view(padded, _WINDOW)[::STEP] * np.hanning(_WINDOW).astype(np.float32)
    lines: Floats = (np.abs(np.fft.rfft(windows, axis=1)) ** 2)[:, _LOWEST_BIN:].astype(np.float32)
    return lines + np.float32(1e-9)


def _filtered(bins: NDArray[Any], of: Any, width: int) -> NDArray[Any]:
    """The least or greatest of each bin over the steps around it."""
    before = width // 2
    padded = np.pad(bins, ((before, width - 1 - before), (0, 0)), mode="edge")
    found: NDArray[Any] = of(sliding_window_view(padded, width, axis=0), axis=-1)
    return found


def _in_two_lines(bins: Floats) -> Floats:
    """Power of the greatest line and the next one, with what the window smears to their sides."""
    left, rows = bins.copy(), np.arange(len(bins))[:, None]
    total = np.zeros(len(bins), np.float32)
    for _ in range(2):
        line = left.argmax(axis=1)[:, None] + np.arange(-_LINE_BINS, _LINE_BINS + 1)
        line = line.clip(0, bins.shape[1] - 1)
        total += left[rows, line].sum(axis=1)
        left[rows, line] = 0
    return total
