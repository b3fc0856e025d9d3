"""Sounds for tests: made ones that nobody speaks in, and the shipped practice comments."""

import json
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import appliance
from appliance.sound import Sound, read_wav

RATE = 8000
COMMENTS = Path(appliance.__file__).parent / "practice" / "comments"


def wav(data: bytes, encoding: int = 1, channels: int = 1, rate: int = RATE, bits: int = 16) -> bytes:
    """A WAV file of one format and one data chunk."""
    frame = channels * bits // 8
    form = struct.pack("<HHIIHH", encoding, channels, rate, rate * frame, frame, bits)
    chunks = b"fmt " + struct.pack("<I", len(form)) + form + b"data" + struct.pack("<I", len(data)) + data
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


def tone(*frequencies_hz: float, seconds: float = 6, on_seconds: float = 6, every_seconds: float = 6) -> Sound:
    t = np.arange(int(seconds * RATE)) / RATE
    wave = sum(0.2 * np.sin(2 * np.pi * hz * t) for hz in frequencies_hz)
    return Sound((wave * (t % every_seconds < on_seconds)).astype(np.float32), RATE)


def noise(level_db: float, seconds: float = 6) -> Sound:
    samples = np.random.default_rng(1).normal(0, 10 ** (level_db / 20), int(seconds * RATE))
    return Sound(samples.clip(-1, 1).astype(np.float32), RATE)


def breathing(seconds: float = 6) -> Sound:
    hiss = noise(-25, seconds).samples
    t = np.arange(len(hiss)) / RATE
    return Sound((hiss * np.clip(np.sin(2 * np.pi * 0.3 * t), 0, 1)).astype(np.float32), RATE)


def music(seconds: float = 6) -> Sound:
    """Four plucked notes a second, each with three overtones."""
    pitches = np.random.default_rng(2).integers(0, 24, int(4 * seconds))
    return Sound(np.concatenate([_note(220 * 2 ** (pitch / 12)) for pitch in pitches]), RATE)


def _note(hz: float) -> NDArray[np.float32]:
    t = np.arange(RATE // 4) / RATE
    overtones = sum(0.1 / n * np.sin(2 * np.pi * hz * n * t) for n in (1, 2, 3, 4))
    return (overtones * np.exp(-6 * t)).astype(np.float32)


NOBODY_SPEAKS = {
    "silence": Sound(np.zeros(6 * RATE, np.float32), RATE),
    "faint noise": noise(-60),
    "noise": noise(-30),
    "loud noise": noise(-10),
    "ring-back": tone(425, on_seconds=1, every_seconds=5),
    "dial tone": tone(425),
    "key 1": tone(697, 1209, on_seconds=0.2, every_seconds=1),
    "key #": tone(941, 1477, on_seconds=0.2, every_seconds=1),
    "breathing": breathing(),
    "music": music(),
    "a click": Sound(np.r_[np.zeros(RATE), np.ones(40), np.zeros(RATE)].astype(np.float32), RATE),
}


def comments(count: int) -> list[tuple[Sound, str]]:
    """The first shipped practice comments and their texts."""
    lines = (COMMENTS / "comments.jsonl").read_text("utf-8").splitlines()[:count]
    rows = [json.loads(line) for line in lines]
    return [(read_wav(COMMENTS / row["file"]), row["text"]) for row in rows]
