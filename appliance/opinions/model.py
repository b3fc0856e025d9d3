"""The model: every clause speaks for areas and tonalities, the comment as a whole too, and the loudest decide.

For each pair of area and tonality: logit = log Σ exp(clause · W) + comment · U + b; then per area a softmax over
(no opinion = 0, positive, skeptical, negative), calibrated by one slope per area and one offset per pair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final, Self
from zipfile import BadZipFile

import numpy as np
import numpy.typing as npt

from appliance.errors import ModelError
from appliance.opinions.features import Features, Vocabulary
from appliance.opinions.lexicon import Lexicon
from appliance.opinions.words import Word
from appliance.types import Area, Tonality

Floats = npt.NDArray[np.floating[Any]]

AREAS: Final = tuple(Area)
TONALITIES: Final = tuple(Tonality)
PAIR_COUNT: Final = len(AREAS) * len(TONALITIES)
"""Columns of every weight matrix: area by area, each with its tonalities."""

WEIGHTS_FILE: Final = "model.npz"
WORDS_FILE: Final = "words.txt"
CHARACTERS_FILE: Final = "characters.txt"
LEXICON_FILE: Final = "lexicon.toml"
FILES: Final = (WEIGHTS_FILE, WORDS_FILE, CHARACTERS_FILE, LEXICON_FILE)


@dataclass(frozen=True)
class Matrix:
    """Weights as int8, each row (one feature) with a scale of its own."""

    steps: npt.NDArray[np.int8]
    scales: npt.NDArray[np.float32]

    @classmethod
    def quantised(cls, weights: Floats) -> Self:
        """From floats, features × pairs."""
        scales = np.maximum(np.abs(weights).max(axis=1), 1e-12) / 127
        return cls(np.round(weights / scales[:, None]).astype(np.int8), scales.astype(np.float32))

    def times(self, columns: npt.NDArray[np.int64], values: npt.NDArray[np.float32]) -> Floats:
        """One sparse row times the matrix: a number a pair."""
        product: Floats = (values * self.scales[columns]) @ self.steps[columns].astype(np.float32)
        return product


@dataclass(frozen=True)
class Model:
    features: Features
    clause: Matrix
    comment: Matrix
    bias: Floats
    """One a pair."""
    slope: Floats
    """One an area."""
    offset: Floats
    """Areas × tonalities."""
    threshold: float
    """The least probability of an opinion that is told."""

    def probabilities(self, clauses: Sequence[Sequence[Word]]) -> Floats:
        """Areas × (none, positive, skeptical, negative) of a comment given as its clauses."""
        spoken = np.stack([self.clause.times(*self.features.encode(words)) for words in distinct_clauses(clauses)])
        whole = self.comment.times(*self.features.encode([word.text for clause in clauses for word in clause]))
        return softmax_of(log_sum_exp(spoken) + whole + self.bias, self.slope, self.offset)

    def save(self, directory: Path) -> None:
        """Write everything but the lexicon, which is where it was read."""
        np.savez(
            directory / WEIGHTS_FILE,
            clause_steps=self.clause.steps,
            clause_scales=self.clause.scales,
            comment_steps=self.comment.steps,
            comment_scales=self.comment.scales,
            words_idf=self.features.words.idf,
            characters_idf=self.features.characters.idf,
            bias=self.bias,
            slope=self.slope,
            offset=self.offset,
            threshold=np.float64(self.threshold),
        )
        for name, vocabulary in (
            (WORDS_FILE, self.features.words),
            (CHARACTERS_FILE, self.features.characters),
        ):
            (directory / name).write_text("".join(f"{term}\n" for term in vocabulary.columns), "utf-8")

    @classmethod
    def load(cls, directory: Path) -> Self:
        """Read a saved model; ModelError where a file is missing or its parts do not fit together."""
        lexicon = Lexicon.read(directory / LEXICON_FILE)
        try:
            # Read whole: of a file that is none, np.load would leave the handle open.
            with np.load(BytesIO((directory / WEIGHTS_FILE).read_bytes()), allow_pickle=False) as arrays:
                words = _vocabulary(directory / WORDS_FILE, arrays["words_idf"])
                characters = _vocabulary(directory / CHARACTERS_FILE, arrays["characters_idf"])
                model = cls(
                    Features(lexicon, words, characters),
                    Matrix(arrays["clause_steps"], arrays["clause_scales"]),
                    Matrix(arrays["comment_steps"], arrays["comment_scales"]),
                    arrays["bias"],
                    arrays["slope"],
                    arrays["offset"],
                    float(arrays["threshold"]),
                )
        except (OSError, ValueError, KeyError, EOFError, BadZipFile) as error:
            raise ModelError(f"{directory}: no usable opinions model: {error}") from error
        model._check_shapes(directory)
        return model

    def _check_shapes(self, directory: Path) -> None:
        rows = self.features.column_count
        shapes = {
            "clause": (self.clause.steps.shape, (rows, PAIR_COUNT)),
            "comment": (self.comment.steps.shape, (rows, PAIR_COUNT)),
            "clause scales": (self.clause.scales.shape, (rows,)),
            "comment scales": (self.comment.scales.shape, (rows,)),
            "bias": (self.bias.shape, (PAIR_COUNT,)),
            "slope": (self.slope.shape, (len(AREAS),)),
            "offset": (self.offset.shape, (len(AREAS), len(TONALITIES))),
        }
        for name, (found, wanted) in shapes.items():
            if found != wanted:
                raise ModelError(f"{directory}: no usable opinions model: {name} is {found}, not {wanted}")


def distinct_clauses(clauses: Sequence[Sequence[Word]]) -> list[tuple[str, ...]]:
    """What is said again is not said louder."""
    return list(dict.fromkeys(tuple(word.text for word in clause) for clause in clauses))


def log_sum_exp(logits: Floats) -> Floats:
    """Over the first axis."""
    highest: Floats = logits.max(axis=0)
    total: Floats = highest + np.log(np.exp(logits - highest).sum(axis=0))
    return total


def softmax_of(logits: Floats, slope: Floats, offset: Floats) -> Floats:
    """Calibrated probabilities, … × areas × (none and the tonalities), from … × pairs."""
    by_area = logits.reshape(*logits.shape[:-1], len(AREAS), len(TONALITIES))
    opinions = by_area * slope[:, None] + offset
    everything = np.concatenate([np.zeros((*opinions.shape[:-1], 1)), opinions], axis=-1)
    weights = np.exp(everything - everything.max(axis=-1, keepdims=True))
    probabilities: Floats = weights / weights.sum(axis=-1, keepdims=True)
    return probabilities


def _vocabulary(path: Path, idf: npt.NDArray[np.float32]) -> Vocabulary:
    terms = path.read_text(encoding="utf-8").splitlines()
    if len(terms) != len(idf):
        raise ValueError(f"{path.name} has {len(terms)} terms, the weights {len(idf)}")
    return Vocabulary({term: column for column, term in enumerate(terms)}, idf)
