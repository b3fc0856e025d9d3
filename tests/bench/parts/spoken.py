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
_ONCE_SECONDS: Final = 15.0


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
    """So many comments of a length by chance, from sentences that come up again and again."""
    luck = random.Random(seed)
    made: list[Spoken] = []
    while len(made) < count:
        wanted = luck.uniform(*lengths)
        taken: list[Spoken] = []
        for one in luck.sample(list(pool), len(pool)):
            if _seconds([*taken, one]) <= lengths[1] and _seconds(taken) < wanted:
                taken.append(one)
        if _seconds(taken) >= lengths[0]:
            made.append(_one(taken, luck))
    return made


def joined_once(pool: Sequence[Spoken], seed: int) -> list[Spoken]:
    """Comments of 15 s and more in which each sentence stands once: an interval over them counts nothing twice."""
    luck = random.Random(seed)
    groups: list[list[Spoken]] = [[]]
    for one in luck.sample(list(pool), len(pool)):
        if _seconds(groups[-1]) >= _ONCE_SECONDS:
            groups.append([])
        groups[-1].append(one)
    return [_one(group, luck) for group in groups]


def _seconds(taken: Sequence[Spoken]) -> float:
    """At most, with the pauses."""
    return sum(one.sound.seconds + _PAUSES_SECONDS[1] for one in taken)


def _one(taken: Sequence[Spoken], luck: random.Random) -> Spoken:
    """One comment of a telephone's rate, with a pause after each sentence."""
    parts = []
    for one in taken:
        pause = np.zeros(round(luck.uniform(*_PAUSES_SECONDS) * CALL_RATE_HZ), np.float32)
        parts += [one.sound.at(CALL_RATE_HZ).samples, pause]
    return Spoken(taken[0].kind, Sound(np.concatenate(parts), CALL_RATE_HZ), " ".join(one.text for one in taken))


def comments(folder: Path | None, count: int) -> list[Spoken]:
    """Of 5–30 s: 60 % joined from the folder's telephone sentences, or from shipped comments; the rest shipped."""
    shipped = practice()
    whole = [one for one in shipped if one.sound.seconds >= _LENGTHS_SECONDS[0]]
    whole = whole[: count - round(_HUMAN_SHARE * count)]
    pool = [one for one in sentences(folder) if one.kind == TELEPHONE] if folder else shipped
    return joined(pool, count - len(whole), seed=1) + whole
