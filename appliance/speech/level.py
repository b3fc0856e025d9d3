"""A line's offset and rumble taken out, and a faint voice raised to the level that voice activity knows."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from appliance.sound import Sound

_RUMBLE_HZ: Final = 80
"""A telephone carries 300–3400 Hz; below is offset, wind and half of the mains' hum."""
_FRAMES_PER_SECOND: Final = 50
_LOUD_FRAMES: Final = 20
"""So long a click or a cough does not last: 0.4 s in all."""
_LOUD_DB: Final = -16.0
"""Of full scale; speech at a telephone's −26 dB has its loudest syllables a little lower."""
_MOST_GAIN_DB: Final = 30.0
"""What is fainter is a line's own hiss."""


def levelled(sound: Sound) -> Sound:
    """The sound at its own rate; samples may go beyond full scale where something short is louder than the voice."""
    high = sound.samples - _slow(_slow(sound.samples, sound.rate), sound.rate)
    return Sound(high * np.float32(_gain(high, sound.rate)), sound.rate)


def _slow(samples: NDArray[np.floating], rate: int) -> NDArray[np.float32]:
    """The mean of what is around each sample: what moves slower than a voice."""
    half = rate // _RUMBLE_HZ // 2
    total = np.cumsum(np.pad(samples, (half + 1, half), mode="edge"), dtype=np.float64)
    width = 2 * half + 1
    return ((total[width:] - total[:-width]) / width).astype(np.float32)


def _gain(samples: NDArray[np.float32], rate: int) -> float:
    """How much louder the loudest 0.4 s of a sound must be; 1 where it is loud enough, or too short to tell."""
    length = rate // _FRAMES_PER_SECOND
    frames = samples[: len(samples) // length * length].reshape(-1, length)
    if len(frames) < _LOUD_FRAMES:
        return 1.0
    power = np.partition((frames**2).mean(axis=1), -_LOUD_FRAMES)[-_LOUD_FRAMES]
    gain_db = min(max(_LOUD_DB - 10 * np.log10(power + 1e-12), 0.0), _MOST_GAIN_DB)
    return float(10 ** (gain_db / 20))
