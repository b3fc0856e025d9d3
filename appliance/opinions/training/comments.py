"""Labelled comments, and the split that training never sees."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import CountVectorizer

from appliance.errors import UsageError
from appliance.opinions.lexicon import Lexicon
from appliance.opinions.model import AREAS, TONALITIES
from appliance.opinions.words import Word, clauses_of, words_of
from appliance.types import Area, Tonality

Labels = npt.NDArray[np.int64]
"""Comments × areas: 0 is no opinion, 1–3 a tonality."""
Clauses = list[list[Word]]
"""A comment."""


@dataclass(frozen=True)
class LabelledComment:
    id: str
    text: str
    labels: tuple[int, ...]
    """One an area: 0 is no opinion, 1–3 a tonality."""


def read_comments(path: Path) -> list[LabelledComment]:
    """From JSON lines (id, text, opinions); UsageError names the first bad line."""
    comments = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        try:
            row = json.loads(line)
            comments.append(LabelledComment(row["id"], row["text"], _labels(row["opinions"])))
        except (ValueError, KeyError, TypeError) as error:
            raise UsageError(f"{path}, line {number}: no labelled comment: {error}") from error
    return comments


def _labels(opinions: list[dict[str, str]]) -> tuple[int, ...]:
    by_area = {Area(opinion["area"]): Tonality(opinion["tonality"]) for opinion in opinions}
    return tuple(1 + TONALITIES.index(by_area[area]) if area in by_area else 0 for area in AREAS)


@dataclass(frozen=True)
class Reading:
    """Comments as training sees them: their clauses, and their labels (comments × areas)."""

    comments: Sequence[Clauses]
    labels: Labels

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Reading":
        return Reading([c for c, is_in in zip(self.comments, chosen, strict=True) if is_in], self.labels[chosen])

    def with_(self, other: "Reading") -> "Reading":
        return Reading([*self.comments, *other.comments], np.concatenate([self.labels, other.labels]))


def read(comments: Sequence[LabelledComment], lexicon: Lexicon) -> Reading:
    return Reading([clauses_of(words_of(c.text, lexicon)) for c in comments], labels_of(comments))


def labels_of(comments: Sequence[LabelledComment]) -> Labels:
    return np.array([comment.labels for comment in comments], dtype=np.int64).reshape(-1, len(AREAS))


def near_duplicates(texts: Sequence[str], least_overlap: float = 0.8) -> npt.NDArray[np.int64]:
    """A group number a text; texts that share most of their words (Jaccard) are one group."""
    marks = CountVectorizer(binary=True, dtype=np.int32).fit_transform(texts)
    shared: Any = (marks @ marks.T).tocoo()
    sizes = np.asarray(marks.sum(axis=1)).ravel()
    either = sizes[shared.row] + sizes[shared.col] - shared.data
    shared.data = (shared.data >= least_overlap * either).astype(np.int32)
    shared.eliminate_zeros()
    _, groups = connected_components(shared, directed=False)
    return np.asarray(groups, dtype=np.int64)


def held_out(comments: Sequence[LabelledComment], share: float, seed: int) -> npt.NDArray[np.bool_]:
    """Which comments training never sees: chosen by id, so more comments move none across."""
    groups = near_duplicates([comment.text for comment in comments])
    first_ids: dict[int, str] = {}
    for group, comment in zip(groups.tolist(), comments, strict=True):
        first_ids[group] = min(first_ids.get(group, comment.id), comment.id)
    return np.array([_draw(f"{seed}:{first_ids[group]}") < share for group in groups.tolist()])


def folds_of(count: int, folds: int, seed: int) -> Labels:
    """A fold number for each of so many comments."""
    numbers = np.arange(count) % folds
    np.random.default_rng(seed).shuffle(numbers)
    return numbers


def _draw(key: str) -> float:
    """A number from 0 to 1 that depends on the key alone."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:8]) / 2**64
