"""Word errors, and how sure a rate of them is."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import jiwer
import numpy as np

_DRAWS: Final = 4000


@dataclass(frozen=True, slots=True)
class Errors:
    """Of one comment."""

    wrong: int
    """Words replaced, left out or put in."""
    words: int
    """Words that were said."""


@dataclass(frozen=True, slots=True)
class Rate:
    """In percent, with the interval that holds 95 of 100 draws of as many comments."""

    percent: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.percent:.1f} [{self.low:.1f}, {self.high:.1f}]"


def plain(text: str) -> str:
    """Composed, in lower case, without punctuation, single spaces."""
    composed = unicodedata.normalize("NFC", text).lower()
    return " ".join(re.sub(r"[^\w\s]", " ", composed).split())


def errors(said: str, read: str) -> Errors:
    """Of one comment in which something is said."""
    said, read = plain(said), plain(read)
    if not read:
        return Errors(len(said.split()), len(said.split()))
    found = jiwer.process_words(said, read)
    return Errors(found.substitutions + found.deletions + found.insertions, len(said.split()))


def rate(found: Sequence[Errors]) -> Rate:
    """The word error rate over all words of some comments."""
    wrong, words, draws = _table(found)
    return _rate(100 * wrong.sum() / words.sum(), 100 * wrong[draws].sum(axis=1) / words[draws].sum(axis=1))


def difference(ours: Sequence[Errors], theirs: Sequence[Errors]) -> Rate:
    """How much higher the first rate is, in percentage points, drawn over the same comments of both."""
    wrong, words, draws = _table(ours)
    more = wrong - np.array([each.wrong for each in theirs])
    return _rate(100 * more.sum() / words.sum(), 100 * more[draws].sum(axis=1) / words[draws].sum(axis=1))


def _table(found: Sequence[Errors]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draws = np.random.default_rng(1).integers(0, len(found), (_DRAWS, len(found)))
    return np.array([each.wrong for each in found]), np.array([each.words for each in found]), draws


def _rate(percent: float, drawn: np.ndarray) -> Rate:
    low, high = np.percentile(drawn, [2.5, 97.5])
    return Rate(float(percent), float(low), float(high))
