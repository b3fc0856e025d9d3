"""The classifier: a comment's text to its opinions, and the words that carried each."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from appliance.catalog import find_model, verify
from appliance.opinions.model import AREAS, TONALITIES, Floats, Model
from appliance.opinions.words import Word, clauses_of, words_of
from appliance.settings import Settings
from appliance.types import Opinion

_FEW_WORDS: Final = 4
_KNOWN_SHARE: Final = 0.5
"""Of unseen Swedish comments of four words or more, one in 800 has a smaller share of known words."""
_MOST_WORDS_EXPLAINED: Final = 200
_MOST_WORDS_SHOWN: Final = 5
_SHOWN_SHARE: Final = 0.4
"""A word is shown that weighs at least this much of the heaviest."""


@dataclass(frozen=True)
class Classifier:
    model: Model

    def classify(self, text: str) -> tuple[Opinion, ...]:
        """At most one opinion an area, in the areas' order; the score is calibrated.

        A text without words, or in another language, has none.
        """
        words = words_of(text, self.model.features.lexicon)
        if not words or not self._is_readable(words):
            return ()
        return tuple(told(self.model.probabilities(clauses_of(words)), self.model.threshold))

    def explain(self, text: str, opinion: Opinion) -> tuple[tuple[int, int], ...]:
        """Where the words stand that carried an opinion: character spans, start and end, in order."""
        words = words_of(text, self.model.features.lexicon)[:_MOST_WORDS_EXPLAINED]
        if not words:
            return ()
        weights = self._weights_of(words, opinion)
        heaviest = np.argsort(-weights, kind="stable")[:_MOST_WORDS_SHOWN]
        shown = {number for number in heaviest if weights[number] >= weights[heaviest[0]] * _SHOWN_SHARE}
        spans: list[tuple[int, int]] = []
        for number, word in enumerate(words):
            if number in shown and number - 1 in shown:
                spans[-1] = (spans[-1][0], word.end)
            elif number in shown:
                spans.append((word.start, word.end))
        return tuple(spans)

    def _is_readable(self, words: list[Word]) -> bool:
        known = sum(word.text in self.model.features.words.columns for word in words)
        return len(words) < _FEW_WORDS or known >= _KNOWN_SHARE * len(words)

    def _weights_of(self, words: list[Word], opinion: Opinion) -> Floats:
        """What each word does for the area and for the tonality, each at most 1, added up.

        A word's doing is what it changes said last and said first, the two ends of its Shapley value.
        """
        clauses = clauses_of(words)
        everything, nothing = self._log_odds(clauses, opinion), self._log_odds([[]], opinion)
        doing = np.stack(
            [
                everything
                - self._log_odds([[other for other in c if other is not word] for c in clauses], opinion)
                + self._log_odds([[word]], opinion)
                - nothing
                for word in words
            ]
        )
        weights: Floats = (doing / np.maximum(doing.max(axis=0), 1e-6)).clip(min=0).sum(axis=1)
        return weights

    def _log_odds(self, clauses: list[list[Word]], opinion: Opinion) -> Floats:
        """Of the area against none, and of the tonality against the other two."""
        none, *tonalities = self.model.probabilities(clauses)[AREAS.index(opinion.area)]
        this = tonalities.pop(TONALITIES.index(opinion.tonality))
        odds = np.array([(this + sum(tonalities)) / max(none, 1e-9), this / max(sum(tonalities), 1e-9)])
        log_odds: Floats = np.log(np.maximum(odds, 1e-9))
        return log_odds


def told(probabilities: Floats, threshold: float) -> list[Opinion]:
    """The likeliest tonality of each area where it is likely enough."""
    return [
        Opinion(area, TONALITIES[row.argmax()], round(float(row.max()), 4))
        for area, row in zip(AREAS, probabilities[:, 1:], strict=True)
        if row.max() >= threshold
    ]


def load_classifier(settings: Settings) -> Classifier:
    """The configured model, every byte verified; ModelError where it is missing, damaged or of another kind."""
    directory = find_model(settings.opinions.model, settings)
    verify(directory)
    return Classifier(Model.load(directory))
