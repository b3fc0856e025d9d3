"""What recognition gives, whichever engine did it."""

from dataclasses import dataclass
from typing import Protocol

from appliance.sound import Samples


@dataclass(frozen=True, slots=True)
class Transcript:
    """A comment in words; where nobody spoke the text is empty."""

    text: str
    language: str
    speech_seconds: float
    confidence: float
    """0–1, of the least sure piece; 0 where nobody spoke or the text looks invented."""


@dataclass(frozen=True, slots=True)
class Heard:
    """One piece of speech in words."""

    text: str
    confidence: float
    """0–1; 0: the text looks invented."""
    no_speech: float = 0.0
    """The engine's own probability that nobody speaks."""


class Recogniser(Protocol):
    """One engine: takes trimmed 16 kHz speech of at most `longest_seconds`."""

    @property
    def longest_seconds(self) -> float: ...

    def recognise(self, samples: Samples, language: str) -> Heard: ...
