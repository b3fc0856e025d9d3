"""Words to numbers: TF-IDF of word and character n-grams, and what the lexicon says."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from appliance.opinions.lexicon import Lexicon, feature_names

Columns = npt.NDArray[np.int64]
Values = npt.NDArray[np.float32]

_CHARACTER_NGRAMS: Final = range(3, 6)
_LEXICON_SCALE: Final = 0.15
"""By cross-validation; n-gram blocks have length 1."""


def word_terms(words: Sequence[str]) -> list[str]:
    """Words and pairs of neighbours."""
    return [*words, *(f"{first} {second}" for first, second in pairwise(words))]


def character_terms(words: Sequence[str]) -> list[str]:
    """Three to five characters within a word, its edges marked."""
    marked = [f"#{word}#" for word in words]
    return [
        word[start : start + size]
        for word in marked
        for size in _CHARACTER_NGRAMS
        for start in range(len(word) - size + 1)
    ]


@dataclass(frozen=True)
class Vocabulary:
    columns: dict[str, int]
    idf: Values

    def encode(self, terms: Iterable[str]) -> tuple[Columns, Values]:
        """Sublinear TF-IDF of length 1 (0 where no term is known): columns and values."""
        counts = Counter(self.columns[term] for term in terms if term in self.columns)
        columns = np.fromiter(counts, np.int64, len(counts))
        weights = 1 + np.log(np.fromiter(counts.values(), np.float32, len(counts)))
        values = weights * self.idf[columns]
        return columns, (values / (np.linalg.norm(values) or 1)).astype(np.float32)


@dataclass(frozen=True)
class Features:
    """One numbering of columns: words, then characters, then the lexicon."""

    lexicon: Lexicon
    words: Vocabulary
    characters: Vocabulary

    @property
    def column_count(self) -> int:
        return len(self.words.columns) + len(self.characters.columns) + len(_LEXICON_COLUMNS)

    def encode(self, words: Sequence[str]) -> tuple[Columns, Values]:
        """A text unit (a clause or a whole comment) as columns and values."""
        word_columns, word_values = self.words.encode(word_terms(words))
        character_columns, character_values = self.characters.encode(character_terms(words))
        known = self.lexicon.features(words)
        lexicon_columns = np.fromiter((_LEXICON_COLUMNS[name] for name in known), np.int64, len(known))
        lexicon_values = _LEXICON_SCALE * np.fromiter(known.values(), np.float32, len(known))
        after_words = len(self.words.columns)
        after_characters = after_words + len(self.characters.columns)
        return (
            np.concatenate([word_columns, character_columns + after_words, lexicon_columns + after_characters]),
            np.concatenate([word_values, character_values, lexicon_values]).astype(np.float32),
        )


_LEXICON_COLUMNS: Final = {name: column for column, name in enumerate(feature_names())}
