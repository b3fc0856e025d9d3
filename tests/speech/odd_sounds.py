"""More clips in which nobody speaks: kinds that no limit of the front end was chosen by."""

from typing import Final

import numpy as np
from scipy import signal
from speech.nobody_speaks import (
    RATE,
    Maker,
    Rng,
    Wave,
    _band,
    _gain,
    _music,
    _noise,
    _strike,
    _swept,
    _time,
    _tones,
)  # fmt: skip


def _information_tone(rng: Rng, length: int) -> Wave:
    """Three rising tones, a pause, again (ITU-T E.180)."""
    each, pause = RATE * 33 // 100, np.zeros(RATE)
    once = np.concatenate([*(_tones(each, hz) for hz in (950, 1400, 1800)), pause])
    return np.tile(once, length // len(once) + 1)[:length]


def _fax(rng: Rng, length: int) -> Wave:
    """Calling tone, answering tone, or V.21 at 300 baud."""
    kind = rng.integers(3)
    if kind == 0:
        return _tones(length, 1100, on_seconds=0.5, every_seconds=3.5)
    if kind == 1:
        return _tones(length, 2100)
    bits = np.repeat(rng.integers(2, size=length * 300 // RATE + 1), RATE // 300 + 1)[:length]
    return _swept(np.where(bits, 980.0, 1180.0), 1)


def _bursts(rng: Rng, length: int, every_seconds: tuple[float, float]) -> list[int]:
    """Where something begins, again and again."""
    gaps = rng.uniform(*every_seconds, size=2 + int(length / RATE / every_seconds[0])) * RATE
    return [int(at) for at in np.cumsum(gaps) if at < length - RATE // 2]


def _barking(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in _bursts(rng, length, (0.3, 1.5)):
        held = int(rng.uniform(0.12, 0.35) * RATE)
        time = _time(held) / (held / RATE)
        pitch = rng.uniform(250, 700) * (1 + 0.4 * np.sin(np.pi * time))
        body = _swept(pitch, 8, 0.7) + 0.5 * rng.standard_normal(held)
        wave[at : at + held] += _band(body, 400, 2500) * np.sin(np.pi * time) ** 0.5
    return wave


def _coughing(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in _bursts(rng, length, (0.4, 3)):
        held = int(rng.uniform(0.2, 0.45) * RATE)
        low = rng.uniform(300, 700)
        body = _band(rng.standard_normal(held), low, low + rng.uniform(600, 1800))
        voiced = 0.3 * _swept(np.linspace(rng.uniform(150, 300), 90, held), 12)
        wave[at : at + held] += (body + voiced * (_time(held) > 0.1)) * np.exp(-_time(held) * rng.uniform(6, 14))
    return wave


def _slamming(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in _bursts(rng, length, (1, 5)):
        _strike(rng, wave, at, 0.4, rng.uniform(8, 25), 1)
    return _band(wave, 60, rng.uniform(300, 1500))


def _typing(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in _bursts(rng, length, (0.06, 0.4)):
        _strike(rng, wave, at, 0.03, rng.uniform(100, 400), rng.uniform(0.3, 1))
        _strike(rng, wave, at + RATE // 12, 0.02, rng.uniform(150, 500), rng.uniform(0.1, 0.4))
    return wave


def _rustling(rng: Rng, length: int) -> Wave:
    """A handset against cloth."""
    steps = rng.standard_normal(length // 400 + 2) ** 2
    loudness = np.interp(np.arange(length) / 400, np.arange(len(steps)), steps)
    return _band(rng.standard_normal(length), 100, 3000) * loudness


def _hold_music(rng: Rng, length: int) -> Wave:
    """Music with a drum on every beat and a melody that is sung on vowels."""
    wave, beat = _music(rng, length), int(RATE * 60 / rng.uniform(80, 130))
    wave /= np.abs(wave).max()
    for at in range(0, length - beat, beat):
        _strike(rng, wave, at, 0.15, 25, 0.5)
    hz = np.repeat(rng.choice([0, 2, 4, 7, 9, 12], length // beat + 1), beat)[:length]
    time = _time(length)
    sung = rng.uniform(150, 300) * 2 ** (hz / 12) * (1 + 0.015 * np.sin(2 * np.pi * rng.uniform(4.5, 6.5) * time))
    formants = [
        _band(_swept(sung, 20, 0.5), f * 0.85, f * 1.15) for f in (rng.uniform(350, 800), rng.uniform(900, 2200))
    ]
    return wave + rng.uniform(0.3, 1.5) * sum(voice / np.abs(voice).max() for voice in formants)


def _fan(rng: Rng, length: int) -> Wave:
    hum = _swept(np.full(length, rng.uniform(80, 200)), 8)
    return hum / np.abs(hum).max() + _band(rng.standard_normal(length), 80, 1500) * rng.uniform(0.1, 1)


def _gsm_buzz(rng: Rng, length: int) -> Wave:
    """A mobile phone's 217 pulses a second, in bursts."""
    pulses = (np.arange(length) % (RATE / 217) < 3).astype(float)
    return pulses * (_time(length) % rng.uniform(0.3, 1.5) < rng.uniform(0.1, 0.6))


def _lossy_noise(rng: Rng, length: int) -> Wave:
    """Noise whose packets of 20 ms get lost."""
    frames = np.repeat(rng.random(length // 160 + 1) > rng.uniform(0.05, 0.3), 160)[:length]
    return _noise(rng, length) * frames


def _comfort_noise(rng: Rng, length: int) -> Wave:
    """Hiss whose colour and level change every 100–200 ms."""
    parts, total = [], 0
    while total < length:
        part = rng.standard_normal(int(rng.uniform(0.1, 0.2) * RATE)) * _gain(rng.uniform(-6, 0))
        parts.append(signal.lfilter([1], [1, rng.uniform(-0.8, 0.3)], part))
        total += len(part)
    return np.concatenate(parts)[:length]


def _siren(rng: Rng, length: int) -> Wave:
    turn = np.sin(2 * np.pi * rng.uniform(0.2, 4) * _time(length))
    return _swept(rng.uniform(600, 1000) * (1 + rng.uniform(0.1, 0.4) * turn), 5)


def _birds(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in _bursts(rng, length, (0.1, 0.8)):
        held = int(rng.uniform(0.04, 0.2) * RATE)
        wave[at : at + held] += _swept(np.linspace(*rng.uniform(1800, 3600, 2), held), 1) * np.hanning(held)
    return wave


def _horn(rng: Rng, length: int) -> Wave:
    chord = sum(_swept(np.full(length, hz * rng.uniform(0.95, 1.05)), 10) for hz in (400, 500))
    return chord * (_time(length) % rng.uniform(1, 3) < rng.uniform(0.1, 0.8))


def _snoring(rng: Rng, length: int) -> Wave:
    pulses = (np.arange(length) % int(RATE / rng.uniform(25, 70)) == 0).astype(float)
    swell = np.sin(2 * np.pi * rng.uniform(0.2, 0.4) * _time(length)).clip(0, 1)
    throat = rng.uniform(200, 500)
    return _band(pulses + 0.02 * rng.standard_normal(length), throat, throat + 700) * swell


def _applause(rng: Rng, length: int) -> Wave:
    wave = np.zeros(length)
    for at in rng.integers(0, length - RATE // 10, int(length / RATE * rng.uniform(5, 100))):
        _strike(rng, wave, at, 0.02, 250, rng.uniform(0.2, 1))
    return _band(wave, 500, 3000)


ODD_MAKERS: Final[dict[str, tuple[int, Maker]]] = {
    "information tone": (40, _information_tone),
    "fax": (60, _fax),
    "barking": (80, _barking),
    "coughing": (80, _coughing),
    "slamming": (40, _slamming),
    "typing": (40, _typing),
    "rustling": (60, _rustling),
    "hold music": (120, _hold_music),
    "fan": (60, _fan),
    "GSM buzz": (60, _gsm_buzz),
    "lossy noise": (80, _lossy_noise),
    "comfort noise": (60, _comfort_noise),
    "siren": (60, _siren),
    "birds": (40, _birds),
    "horn": (40, _horn),
    "snoring": (40, _snoring),
    "applause": (40, _applause),
}
"""How many clips of each kind, 1 000 in all."""
