"""What the model is told to expect: the municipality's own names, then what a comment is about."""

import re
from collections.abc import Callable, Iterable
from typing import Final

_SENTENCES: Final = {
    "sv": "Här är en kommentar om hur det var att ringa till kommunens kontaktcenter.",
    "en": "Here is a comment on what it was like to ring the municipality's contact centre.",
}
"""In the citizen's language; after names alone the model goes on to list names."""
_MOST_TOKENS: Final = 125
"""Of names: with twice as many fewer are heard, and human speech suffers."""

_ECHO_WORDS: Final = 5

Count = Callable[[str], int]
"""How many tokens a text has."""


def fitting(names: Iterable[str], count: Count) -> tuple[str, ...]:
    """The first names, as many as the model can attend to."""
    kept: list[str] = []
    for name in dict.fromkeys(names):
        if count(_listed([*kept, name])) > _MOST_TOKENS:
            break
        kept.append(name)
    return tuple(kept)


def prompt(names: Iterable[str], language: str) -> str:
    """The text that the comment seems to follow; empty where there is no name to be told."""
    listed = _listed(names)
    return f" {listed} {_SENTENCES.get(language, '')}".rstrip() if listed else ""


def echoes(text: str, language: str) -> bool:
    """Whether a text goes on with our sentence instead of what was said: so many of its words in their order."""
    return bool(_phrases(_SENTENCES.get(language, "")) & _phrases(text))


def _phrases(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[at : at + _ECHO_WORDS]) for at in range(len(words) - _ECHO_WORDS + 1)}


def _listed(names: Iterable[str]) -> str:
    together = ", ".join(names)
    return together and f"{together}."
