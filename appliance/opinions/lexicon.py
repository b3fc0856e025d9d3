"""What is known of a language before any comment is read: spelling, numbers, words of an area or a tone."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from appliance.errors import ModelError
from appliance.types import Area

_NEGATION_REACH_WORDS: Final = 3
_SHORTEST_WORD: Final = 3
_TONES: Final = ("positive", "negative", "hedge", "negator")
_JUDGEMENTS: Final = ("good", "bad", "not good", "not bad", "hedge")

WordList = Annotated[tuple[str, ...], BeforeValidator(lambda text: tuple(text.split()))]


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    joiners: frozenset[str]
    numbers: frozenset[str]
    intensifiers: tuple[str, ...]
    spelling: dict[str, str]
    areas: dict[Area, WordList]
    tones: dict[Literal["positive", "negative", "hedge", "negator"], WordList]


@dataclass(frozen=True)
class Lexicon:
    joiners: frozenset[str]
    """Words that begin a new clause."""
    numbers: frozenset[str]
    intensifiers: tuple[str, ...]
    """Beginnings of a word that only add force."""
    spelling: Mapping[str, str]
    whole: Mapping[str, frozenset[str]]
    """Word → its classes."""
    stems: Mapping[str, frozenset[str]]
    """Beginning of a word → its classes."""

    @classmethod
    def read(cls, path: Path) -> Self:
        """From a model's `lexicon.toml`; ModelError where it cannot be used."""
        try:
            file = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, ValidationError) as error:
            raise ModelError(f"{path}: no usable lexicon: {str(error).splitlines()[0]}") from error
        classes = [*file.areas.items(), *file.tones.items()]
        return cls(
            file.joiners,
            file.numbers,
            file.intensifiers,
            file.spelling,
            _classes_by(classes, stems=False),
            _classes_by(classes, stems=True),
        )

    def spell(self, word: str) -> str:
        """A lower-case word as the classifier knows it."""
        for intensifier in self.intensifiers:
            if len(word) >= len(intensifier) + _SHORTEST_WORD and word.startswith(intensifier):
                return word.removeprefix(intensifier)
        return self.spelling.get(word, word)

    def is_number(self, word: str) -> bool:
        """Digits, a number word, or two of them written as one: 12, tolv, tjugofem."""
        return word.isdigit() or any({word[:cut] or word[cut:], word[cut:]} <= self.numbers for cut in range(len(word)))

    def classes_of(self, word: str) -> frozenset[str]:
        """The areas and tones that a word speaks for."""
        found = self.whole.get(word, frozenset())
        for length in range(2, len(word) + 1):
            found |= self.stems.get(word[:length], frozenset())
        return found

    def features(self, words: Sequence[str]) -> dict[str, float]:
        """Named features of a text unit; the names are `feature_names`."""
        counts: Counter[str] = Counter()
        negated = 0
        for word in words:
            classes = self.classes_of(word)
            counts.update(sorted(classes))
            if "negator" in classes:
                negated = _NEGATION_REACH_WORDS
                continue
            if judgement := _judgement(classes):
                counts[f"not {judgement}" if negated > 0 else judgement] += 1
            negated -= 1
        features = {name: count**0.5 for name, count in counts.items()}
        return features | {name: 1.0 for name in _PAIRS if all(part in features for part in _PAIRS[name])}


_PAIRS: Final = {f"{area} & {judgement}": (area.value, judgement) for area in Area for judgement in _JUDGEMENTS}
"""An area and a judgement side by side in one unit: what a linear model cannot see by itself."""


def feature_names() -> list[str]:
    """Every name that `Lexicon.features` may give, in column order."""
    return [*Area, *_TONES, *(name for name in _JUDGEMENTS if name not in _TONES), *_PAIRS]


def _judgement(classes: frozenset[str]) -> str | None:
    if ("positive" in classes) == ("negative" in classes):
        return None
    return "good" if "positive" in classes else "bad"


def _classes_by(classes: Iterable[tuple[str, WordList]], *, stems: bool) -> dict[str, frozenset[str]]:
    table: dict[str, frozenset[str]] = {}
    for name, words in classes:
        for word in words:
            if word.endswith("*") == stems:
                key = word.rstrip("*")
                table[key] = table.get(key, frozenset()) | {name}
    return table
