"""Whether somebody spoke another language than the questionnaire's. Pure; figures in models/README.md."""

from collections.abc import Mapping
from typing import Final

from appliance.speech.transcript import Heard

_RELATED: Final[Mapping[str, frozenset[str]]] = {"sv": frozenset({"sv", "da", "no", "nn"})}
"""Small models take one for another, on a telephone line above all; any other language has no relatives."""
UNSPACED: Final = frozenset({"zh", "yue", "ja", "th", "lo", "my", "km", "bo"})
"""Written without spaces between words."""
_MOST_EXPECTED: Final = 0.05
_LEAST_OTHER: Final = 0.7
_LEAST_SECONDS: Final = 2.0
"""Of speech: no language is known from a word or two."""


def suspected(probabilities: Mapping[str, float], expected: str, spoken_seconds: float) -> str | None:
    """Another language that the model is rather sure of, so that the piece is worth decoding in it too."""
    related = _RELATED.get(expected, frozenset({expected}))
    others = probabilities.keys() - related
    if not others or spoken_seconds < _LEAST_SECONDS:
        return None
    other = max(others, key=lambda each: probabilities[each])
    is_foreign = sum(probabilities.get(each, 0.0) for each in related) < _MOST_EXPECTED
    return other if is_foreign and probabilities[other] > _LEAST_OTHER else None


def likelier(expected: Heard, other: Heard) -> Heard:
    """What was said: a model whose ear for languages was lost in training still spells its own one best."""
    return other if other.words and other.log_probability > expected.log_probability else expected
