"""What a telephone line does to sound, and the tones of keys."""

from typing import Final

import numpy as np

from appliance.sound import CALL_RATE_HZ, Samples, _a_law, _mu_law
from appliance.telephony.tones import KeyEar

KEYS: Final = "123A456B789C*0#D"
ROWS_HZ: Final = (697, 770, 852, 941)
COLUMNS_HZ: Final = (1209, 1336, 1477, 1633)
LAWS: Final = {"A-law": np.unique(_a_law()), "µ-law": np.unique(_mu_law())}
"""All samples that each law can say, from low to high."""
FRAME_SECONDS: Final = 0.02
_FRAME: Final = CALL_RATE_HZ // 50


def through(law: str, samples: Samples) -> Samples:
    """Sound after G.711: clipped, and each sample the nearest that the law can say."""
    levels = LAWS[law]
    return levels[np.searchsorted((levels[1:] + levels[:-1]) / 2, samples)]


def a_law_bytes(samples: Samples) -> bytes:
    """As they go into packets."""
    codes = np.argsort(_a_law())
    levels = _a_law()[codes]
    return codes[np.searchsorted((levels[1:] + levels[:-1]) / 2, samples)].astype(np.uint8).tobytes()


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * CALL_RATE_HZ), np.float32)


def tone(hz: float, seconds: float, level_db: float, phase: float = 0.0) -> Samples:
    """A pure tone; 0 dB is a sine of full scale."""
    time = np.arange(round(seconds * CALL_RATE_HZ)) / CALL_RATE_HZ
    return (10 ** (level_db / 20) * np.sin(2 * np.pi * hz * time + phase)).astype(np.float32)


def key_tone(
    key: str, seconds: float, level_db: float = -10.0, twist_db: float = 0.0,
    detuned: tuple[float, float] = (0.0, 0.0), phase: float = 0.0,
) -> Samples:  # fmt: skip
    """A key's two tones: the weaker one at `level_db`, the column's `twist_db` over the row's, each off pitch."""
    row, column = divmod(KEYS.index(key), 4)
    row_db, column_db = level_db + max(0.0, -twist_db), level_db + max(0.0, twist_db)
    row_tone = tone(ROWS_HZ[row] * (1 + detuned[0]), seconds, row_db)
    return row_tone + tone(COLUMNS_HZ[column] * (1 + detuned[1]), seconds, column_db, phase)


def noise(like: Samples, snr_db: float, seed: int, length: int) -> Samples:
    """White noise, so many dB below the power of a sound."""
    power = float(np.mean(like**2)) * 10 ** (-snr_db / 10)
    return np.random.default_rng(seed).normal(0, np.sqrt(power), length).astype(np.float32)


def frames(samples: Samples) -> list[bytes]:
    """20 ms frames of 16-bit PCM, the last one filled up with silence."""
    pcm = (np.clip(samples, -1, 1) * 32767).round().astype("<i2")
    whole = np.pad(pcm, (0, -len(pcm) % _FRAME))
    return [whole[at : at + _FRAME].tobytes() for at in range(0, len(whole), _FRAME)]


def keys_heard(samples: Samples, ear: KeyEar | None = None) -> str:
    listening = ear or KeyEar()
    return "".join(listening.hear(frame) for frame in frames(samples))
