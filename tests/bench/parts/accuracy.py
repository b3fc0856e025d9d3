"""Word error rate by voice and by what the line does to it; and how well a word's confidence tells a right one."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import jiwer
from bench.parts.bands import bands
from bench.parts.errors import errors, plain, rate
from bench.parts.spoken import PRACTICE, TELEPHONE, WIDE, Spoken, joined_once, practice, sentences

from appliance.speech import Engine
from appliance.speech.transcript import Transcript


def sets(folder: Path | None, count: int) -> dict[str, list[Spoken]]:
    """What is measured, by name; without a folder the shipped comments alone."""
    named = {PRACTICE: practice()[:count]}
    if folder:
        human = sentences(folder)
        telephone = [one for one in human if one.kind == TELEPHONE]
        wide = [one for one in human if one.kind == WIDE]
        named = {
            f"{TELEPHONE}, joined to comments": joined_once(telephone, seed=1)[:count],
            f"{WIDE}, single sentences": wide[:count],
        } | named
    return {name: spoken for name, spoken in named.items() if spoken}


def by_band(engine: Engine, language: str, named: dict[str, list[Spoken]]) -> Iterator[dict[str, Any]]:
    """A row a set and band."""
    for name, spoken in named.items():
        for band, through in bands().items():
            sounds = [through(one.sound, seed) for seed, one in enumerate(spoken)]
            read = engine.transcribe_all(sounds, language)
            found = [errors(one.text, each.text) for one, each in zip(spoken, read, strict=True)]
            yield {
                "section": "bands",
                "set": name,
                "band": band,
                "comments": len(spoken),
                "words": sum(each.words for each in found),
                "wer": str(rate(found)),
                "uncertain": sum(each.is_uncertain for each in read),
            }


def by_band_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown: a line a set, a column a band."""
    columns = list(dict.fromkeys(row["band"] for row in rows))
    lines = [f"| WER % | comments / words | {' | '.join(columns)} |", "|---" * (2 + len(columns)) + "|"]
    for name in dict.fromkeys(row["set"] for row in rows):
        mine = {row["band"]: row for row in rows if row["set"] == name}
        first = next(iter(mine.values()))
        figures = " | ".join(mine[band]["wer"] for band in columns)
        lines.append(f"| {name} | {first['comments']} / {first['words']} | {figures} |")
    return lines


def by_confidence(engine: Engine, language: str, spoken: Sequence[Spoken]) -> Iterator[dict[str, Any]]:
    """A row a tenth of confidence, and one for the comments called uncertain and the others."""
    read = engine.transcribe_all([one.sound for one in spoken], language)
    words = [pair for one, each in zip(spoken, read, strict=True) for pair in _judged(one.text, each)]
    for tenth in range(10):
        right = [is_right for confidence, is_right in words if min(9, int(confidence * 10)) == tenth]
        share = round(sum(right) / len(right), 2) if right else None
        yield {"section": "confidence", "from": tenth / 10, "words": len(right), "right": share}
    for is_uncertain in (False, True):
        of_kind = [(one, each) for one, each in zip(spoken, read, strict=True) if each.is_uncertain == is_uncertain]
        found = [errors(one.text, each.text) for one, each in of_kind]
        wer = str(rate(found)) if found else None
        yield {"section": "confidence", "uncertain": is_uncertain, "comments": len(found), "wer": wer}


def _judged(said: str, read: Transcript) -> list[tuple[float, bool]]:
    """Each word's confidence, and whether it was said."""
    kept = [(plain(word.text).replace(" ", ""), word.confidence) for word in read.words]
    kept = [(text, confidence) for text, confidence in kept if text]
    if not kept:
        return []
    chunks = jiwer.process_words(plain(said), " ".join(text for text, _ in kept)).alignments[0]
    equal = [range(chunk.hyp_start_idx, chunk.hyp_end_idx) for chunk in chunks if chunk.type == "equal"]
    right = {at for places in equal for at in places}
    return [(confidence, at in right) for at, (_, confidence) in enumerate(kept)]


def by_confidence_table(rows: Sequence[dict[str, Any]]) -> list[str]:
    """Markdown."""
    tenths = [row for row in rows if "from" in row]
    lines = [
        f"| a word's confidence, from | {' | '.join(str(row['from']) for row in tenths)} |",
        "|---" * (1 + len(tenths)) + "|",
        f"| words | {' | '.join(str(row['words']) for row in tenths)} |",
        f"| of them right | {' | '.join(str(row['right'] or '') for row in tenths)} |",
        "",
    ]
    return lines + [
        f"{'Uncertain' if row['uncertain'] else 'Other'} comments: {row['comments']}, WER {row['wer']} %."
        for row in rows
        if row.get("wer")
    ]
