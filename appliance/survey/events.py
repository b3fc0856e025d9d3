"""What the dialogue is told and what it asks for: the whole language between survey and telephony.

The dialogue knows neither clock nor sound. A `Play` replaces whatever plays; any event but
`PromptEnded` cancels the timer that an earlier `Wait` set.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from appliance.types import AnswerKind, LaterTime, Outcome

Key = Literal["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"]


class Entry(StrEnum):
    """How the call came about; each begins in its own words."""

    RUNG = "rung"
    """We rang."""
    CALLED_BACK = "called_back"
    """A citizen with an interview waiting or broken off rings the number that was shown."""
    TRANSFERRED = "transferred"
    """The PBX put the citizen through: there is nothing to ring later."""
    STRANGER = "stranger"
    """Somebody without an interview rings the number: hears who we are, may opt out, and is asked nothing."""
    HIDDEN = "hidden"
    """As a stranger, but we see no number that could be left alone."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The citizen has picked up."""


@dataclass(frozen=True, slots=True)
class KeyPressed:
    key: Key


@dataclass(frozen=True, slots=True)
class PromptEnded:
    """The clips of the last `Play` have been heard to their end."""


@dataclass(frozen=True, slots=True)
class TimedOut:
    """The time of the last `Wait` has passed without a key."""


@dataclass(frozen=True, slots=True)
class RecordingEnded:
    """The recording has stopped: by `StopRecording`, by silence, or by its greatest length."""

    spoken: bool
    """Whether any speech was heard in it."""


@dataclass(frozen=True, slots=True)
class HungUp:
    """The call is over, whoever ended it."""


@dataclass(frozen=True, slots=True)
class Stopped:
    """Staff have stopped all calls: this one ends politely, whatever it is about."""


Event = Answered | KeyPressed | PromptEnded | TimedOut | RecordingEnded | HungUp | Stopped


@dataclass(frozen=True, slots=True)
class Play:
    """Play these prompts one after another; the names are keys of the prompt list."""

    prompts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wait:
    """Send `TimedOut` unless something else happens within these seconds."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Start:
    """Key 1: a human takes part; the interview has begun."""


@dataclass(frozen=True, slots=True)
class SaveAnswer:
    """Commit to disk before the next action is carried out."""

    question: str
    kind: AnswerKind
    value: int | None


@dataclass(frozen=True, slots=True)
class StartRecording:
    """Sound the tone, then record until told, silence or the greatest length (both are settings)."""


@dataclass(frozen=True, slots=True)
class StopRecording:
    """End the recording; `RecordingEnded` follows."""


@dataclass(frozen=True, slots=True)
class KeepComment:
    """Encrypt the recording onto the disk and queue it for the analyst."""


@dataclass(frozen=True, slots=True)
class EraseComment:
    """Forget the recording."""


@dataclass(frozen=True, slots=True)
class OptOut:
    """Never ring this number again."""


@dataclass(frozen=True, slots=True)
class RingLater:
    """The citizen asks to be rung another time; a second one takes the place of the first."""

    when: LaterTime | None
    """One of the times offered; None leaves it to us."""


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call; `HungUp` follows."""


@dataclass(frozen=True, slots=True)
class End:
    """The last action of every dialogue."""

    outcome: Outcome


Action = (
    Play
    | Wait
    | Start
    | SaveAnswer
    | StartRecording
    | StopRecording
    | KeepComment
    | EraseComment
    | OptOut
    | RingLater
    | HangUp
    | End
)
