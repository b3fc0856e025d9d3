"""What the wizard cannot know: each question has a key, and its answer comes from whoever knows the PBX."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from appliance.errors import IntakeError

NONE = "none"
"""The answer that no column says it."""


@dataclass(frozen=True, slots=True)
class Question:
    """Two readings fit, or more."""

    key: str
    text: str
    options: tuple[str, ...]
    """The answers that there are, each with nothing of the records' content."""


@dataclass
class Answers:
    """Those given so far, and the questions that are open."""

    given: Mapping[str, str] = field(default_factory=dict)
    open: list[Question] = field(default_factory=list)
    used: set[str] = field(default_factory=set)

    def ask(self, key: str, text: str, options: Sequence[str]) -> str | None:
        """The answer; None where it is not known yet. IntakeError where it is none of the options."""
        if key not in self.given:
            self.open.append(Question(key, text, tuple(options)))
            return None
        self.used.add(key)
        if self.given[key] not in options:
            raise IntakeError(f"--answer {key}: must be one of {', '.join(options)}")
        return self.given[key]

    def choose(self, key: str, text: str, options: Sequence[str]) -> str | None:
        """The only option where there is but one and nobody said otherwise; else what is answered."""
        if len(options) == 1 and key not in self.given:
            return options[0]
        return self.ask(key, text, options)
