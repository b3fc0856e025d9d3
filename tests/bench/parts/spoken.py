"""Spoken comments whose words are known: human sentences of a folder, and the shipped practice comments."""

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import sounds

from appliance.sound import CALL_RATE_HZ, Sound, read_wav

TELEPHONE, WIDE, PRACTICE = "human, telephone", "human, 16 kHz", "practice, rendered"
_LENGTHS_SECONDS: Final = (5.0, 30.0)
_PAUSES_SECONDS: Final = (0.2, 0.9)
_HUMAN_SHARE: Final = 0.6


@dataclass(frozen=True, eq=False)
class Spoken:
    kind: str
    sound: Sound
    text: str


def sentences(folder: Path) -> list[Spoken]:
    """What `manifest.jsonl` lists: a line a file with `file`, `text` and `band`, which says 8 kHz for a telephone's."""
    rows = [json.loads(line) for line in (folder / "manifest.jsonl").read_text("utf-8").splitlines()]
    kinds = [TELEPHONE if "8 kHz" in row["band"] else WIDE for row in rows]
    return [Spoken(kind, read_wav(folder / row["file"]), row["text"]) for kind, row in zip(kinds, rows, strict=True)]


def practice() -> list[Spoken]:
    """The shipped ones, 8 kHz."""
    return [Spoken(PRACTICE, sound.at(CALL_RATE_HZ), text) for sound, text in sounds.comments(1000)]


def joined(
    pool: Sequence[Spoken], count: int, seed: int, lengths: tuple[float, float] = _LENGTHS_SECONDS
) -> list[Spoken]:
    """Comments of a telephone's rate, each of several sentences with pauses between them."""
    luck = random.Random(seed)
    made: list[Spoken] = []
    while len(made) < count:
        wanted = luck.uniform(*lengths)
        texts: list[str] = []
        parts: list[np.ndarray] = []
        for one in luck.sample(list(pool), len(pool)):
            said = sum(map(len, parts)) / CALL_RATE_HZ
            if said >= wanted:
                break
            if said + one.sound.seconds + _PAUSES_SECONDS[1] <= lengths[1]:
                pause = np.zeros(round(luck.uniform(*_PAUSES_SECONDS) * CALL_RATE_HZ), np.float32)
                parts += [one.sound.at(CALL_RATE_HZ).samples, pause]
                texts.append(one.text)
        sound = Sound(np.concatenate(parts), CALL_RATE_HZ)
        if sound.seconds >= lengths[0]:
            made.append(Spoken(pool[0].kind, sound, " ".join(texts)))
    return made


def comments(folder: Path | None, count: int) -> list[Spoken]:
    """Of 5–30 s: 60 % joined from the folder's telephone sentences, or from shipped comments; the rest shipped."""
    shipped = practice()
    whole = [one for one in shipped if one.sound.seconds >= _LENGTHS_SECONDS[0]]
    whole = whole[: count - round(_HUMAN_SHARE * count)]
    pool = [one for one in sentences(folder) if one.kind == TELEPHONE] if folder else shipped
    return joined(pool, count - len(whole), seed=1) + whole
