"""Is speech ever taken for a key? Plays WAV files into the tone detector, faster than real time.

Run: scripts/bench talk_off [--hours H] [--seed N] [FOLDER ...]; without a folder the project's own voices. Each
round plays each file at another level (some of them clipped), speed and G.711 law. Prints one JSON line; exit 1 on a
key.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from telephony.line_sound import LAWS, through

import appliance
from appliance.sound import CALL_RATE_HZ, Samples, Sound, read_wav
from appliance.telephony.tones import KeyEar

OWN: Final = tuple(Path(appliance.__file__).parent / folder for folder in ("survey/audio", "practice/comments"))
_GAIN_DB: Final = (-15, 15)
_SPEED: Final = (0.8, 1.25)
_FRAME_BYTES: Final = CALL_RATE_HZ // 50 * 2


def voices(folders: tuple[Path, ...]) -> dict[Path, Sound]:
    """Every WAV file in and below the folders."""
    return {path: read_wav(path) for folder in folders for path in sorted(folder.rglob("*.wav"))}


def varied(sound: Sound, luck: np.random.Generator) -> tuple[Samples, str]:
    """The sound as another caller's line might bring it, and how that is."""
    gain, speed, law = luck.uniform(*_GAIN_DB), luck.uniform(*_SPEED), str(luck.choice(sorted(LAWS)))
    faster = Sound(sound.samples, round(sound.rate * speed)).at(CALL_RATE_HZ)
    loudest = max(float(np.abs(faster.samples).max()), 1e-6)
    return through(law, faster.samples / loudest * 10 ** (gain / 20) * 0.5), f"{gain:+.1f} dB, speed {speed:.2f}, {law}"


def false_keys(sounds: dict[Path, Sound], hours: float, seed: int) -> Iterator[tuple[float, list[str]]]:
    """Seconds played and the keys heard in them, file by file."""
    luck = np.random.default_rng(seed)
    played = 0.0
    ear = KeyEar()
    while played < hours * 3600:
        for path, sound in sounds.items():
            samples, how = varied(sound, luck)
            pcm = (samples * 32767).astype("<i2").tobytes()
            frames = range(0, len(pcm) - _FRAME_BYTES + 1, _FRAME_BYTES)
            heard = {at / 2 / CALL_RATE_HZ: ear.hear(pcm[at : at + _FRAME_BYTES]) for at in frames}
            seconds = len(samples) / CALL_RATE_HZ
            played += seconds
            yield seconds, [f"{key} at {at:.2f} s of {path.name} ({how})" for at, key in heard.items() if key]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    options.add_argument("folders", nargs="*", type=Path, default=OWN)
    options.add_argument("--hours", type=float, default=10.0)
    options.add_argument("--seed", type=int, default=1)
    asked = options.parse_args()
    sounds = voices(tuple(asked.folders))
    begun = time.process_time()
    seconds, keys = 0.0, []
    for more, heard in false_keys(sounds, asked.hours, asked.seed):
        seconds += more
        keys += heard
    figures = {
        "files": len(sounds),
        "hours": round(seconds / 3600, 2),
        "false_keys": len(keys),
        "keys": keys,
        "processor_seconds": round(time.process_time() - begun, 1),
    }
    print(json.dumps(figures, ensure_ascii=False))
    sys.exit(bool(keys))


if __name__ == "__main__":
    main()
