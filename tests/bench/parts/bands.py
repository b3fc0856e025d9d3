"""What a line does to a comment: A-law, GSM 06.10, lost packets."""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from telephony.line_sound import through

from appliance.sound import CALL_RATE_HZ, Samples, Sound, read_wav, write_wav

Band = Callable[[Sound, int], Sound]
"""A sound and a seed in, the sound at the other end out."""

_PACKET: Final = CALL_RATE_HZ // 50
_LOST: Final = 0.05
_FADE: Final = np.linspace(1, 0, 2 * _PACKET, dtype=np.float32)
"""A packet that is said again has faded after the second time: nothing buzzes."""


def as_it_is(sound: Sound, _seed: int) -> Sound:
    return sound


def a_law(sound: Sound, _seed: int) -> Sound:
    return Sound(through("A-law", sound.at(CALL_RATE_HZ).samples).astype(np.float32), CALL_RATE_HZ)


def gsm(sound: Sound, _seed: int) -> Sound:
    """There and back through sox's GSM 06.10."""
    with tempfile.TemporaryDirectory() as folder:
        plain, coded, back = (Path(folder) / name for name in ("plain.wav", "coded.gsm", "back.wav"))
        write_wav(plain, sound.at(CALL_RATE_HZ).samples)
        for names in ([plain, coded], [coded, "-e", "signed-integer", "-b", "16", back]):
            subprocess.run(["sox", *names], check=True, capture_output=True)
        return read_wav(back)


def lossy(sound: Sound, seed: int) -> Sound:
    """A-law, one packet of 20 ms in twenty lost: nothing in its place."""
    return _lost(a_law(sound, seed).samples, seed, is_concealed=False)


def concealed(sound: Sound, seed: int) -> Sound:
    """The same losses; in their place the packet before, fading over 40 ms."""
    return _lost(a_law(sound, seed).samples, seed, is_concealed=True)


def _lost(samples: Samples, seed: int, *, is_concealed: bool) -> Sound:
    heard = samples.copy()
    gone = np.flatnonzero(np.random.default_rng(seed).random(len(samples) // _PACKET) < _LOST)
    run = 0
    for packet, before in zip(gone, [-2, *gone], strict=False):
        run = run + 1 if packet == before + 1 else 0
        here = slice(packet * _PACKET, (packet + 1) * _PACKET)
        source = samples[here.start - (run + 1) * _PACKET : here.start - run * _PACKET]
        is_known = is_concealed and run < 2 and len(source) == _PACKET
        heard[here] = source * _FADE[run * _PACKET : (run + 1) * _PACKET] if is_known else 0
    return Sound(heard, CALL_RATE_HZ)


def bands() -> dict[str, Band]:
    """By name; GSM where sox can do it."""
    named: dict[str, Band] = {"as it is": as_it_is, "A-law, 8 kHz": a_law}
    if shutil.which("sox"):
        named["GSM 06.10"] = gsm
    return named | {"A-law, 5 % of packets lost": lossy, "the same, concealed": concealed}
