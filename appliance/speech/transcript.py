"""What recognition gives, whichever engine did it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from appliance.sound import Samples
from appliance.types import LEAST_CONFIDENCE, Doubt


@dataclass(frozen=True, slots=True)
class Word:
    text: str
    """As it was written, with its comma or stop."""
    confidence: float
    """0–1: the share of words like it that are right, models/README.md."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """A comment in words; where nobody spoke there are none."""

    words: tuple[Word, ...]
    language: str
    """What was spoken; not always what was asked for."""
    speech_seconds: float
    doubts: frozenset[Doubt] = frozenset()

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)

    @property
    def confidence(self) -> float:
        """0–1: the share of the words that is likely to be right; 0 where there are none."""
        return sum(word.confidence for word in self.words) / max(1, len(self.words))

    @property
    def is_uncertain(self) -> bool:
        """Whether the text may well not be what was said; where there is none, nothing is uncertain."""
        return bool(self.doubts) or (bool(self.words) and self.confidence < LEAST_CONFIDENCE)


@dataclass(frozen=True, slots=True, eq=False)
class Piece:
    """Trimmed speech at 16 kHz, at most as long as the recogniser takes."""

    samples: Samples
    spoken_seconds: float


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece in words."""

    words: tuple[Word, ...]
    language: str
    log_probability: float
    """Mean over the tokens."""
    no_speech: float = 0.0
    """The engine's own probability that nobody speaks."""
    is_cut_off: bool = False
    """It went on to the longest text that the piece may have."""

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


class Recogniser(Protocol):
    """One engine; several threads that ask share its cores."""

    is_modest: bool
    """To be set: whether one core has to do from now on."""

    @property
    def longest_seconds(self) -> float: ...

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        """Each piece in words, in their order; `is_careful` is a second try that takes longer."""

    def stop(self) -> None:
        """Hear what is being heard now, and nothing more: whoever waits for the rest gets an exception."""
