"""Sounds of the line in which nobody speaks: how many of them give any text."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from bench.parts.recognisers import Task
from bench.parts.spoken import Spoken
from bench.parts.throughput import NAMES, run, write
from speech.nobody_speaks import MAKERS, Maker, clips
from speech.odd_sounds import ODD_MAKERS

_SEED: Final = 20261122
"""None that a limit of the front end was chosen with."""
SETS: Final = {"the kinds of the issue": MAKERS, "kinds that nothing was chosen by": ODD_MAKERS}


def measure(task: Task, folder: Path, count: int, peer_count: int) -> Iterator[dict[str, Any]]:
    """A row a recogniser and set; faster-whisper hears some of them, spread over the kinds."""
    for name, makers in SETS.items():
        yield _row("engine", name, _some(makers, count), task, folder)
    if peer_count:
        yield _row("peer_default", next(iter(SETS)), _some(MAKERS, peer_count), task, folder)


def _some(makers: dict[str, tuple[int, Maker]], count: int) -> list[Spoken]:
    """About so many, and of each kind its share of them; never more than there are."""
    share = min(1.0, count / sum(each for each, _ in makers.values()))
    fewer = {kind: (max(1, round(each * share)), make) for kind, (each, make) in makers.items()}
    return [Spoken(kind, sound, "") for kind, sound in clips(fewer, _SEED)]


def _row(who: str, name: str, heard: Sequence[Spoken], task: Task, folder: Path) -> dict[str, Any]:
    files = write(heard, folder / "silence")
    made = run(who, replace(task, files=[str(file) for file in files]), folder)
    texts = [(one.kind, text.strip()) for one, text in zip(heard, made.texts, strict=True)]
    return {
        "section": "silence",
        "who": who,
        "set": name,
        "clips": len(heard),
        "with_text": sum(bool(text) for _, text in texts),
        "by_kind": dict(Counter(kind for kind, text in texts if text)),
        "texts": [[kind, text] for kind, text in texts if text][:40],
        "wall_seconds": round(made.wall_seconds, 1),
        "audio_seconds": round(sum(one.sound.seconds for one in heard)),
    }


def table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown."""
    lines = ["| sounds in which nobody speaks | | clips | of them with any text | which |", "|---|---|---|---|---|"]
    for row in rows:
        which = ", ".join(f"{kind} {count}" for kind, count in row["by_kind"].items())
        lines.append(f"| {row['set']} | {NAMES[row['who']]} | {row['clips']} | {row['with_text']} | {which} |")
    return lines
