"""What the dialogue knows between two events, and the moves that every part of the call makes."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from appliance.survey.events import Action, Entry, Play
from appliance.survey.questionnaire import Question
from appliance.types import LaterTime, Outcome

MAX_REASKS: Final = 2
"""Of one question, whether no key or a wrong one came."""
_MAX_REPEATS: Final = 5
"""Of one prompt by `*`; after that `*` is a key like any other."""


class Phase(StrEnum):
    """Where in the call the citizen is."""

    RINGING = "ringing"
    MENU = "menu"
    LATER = "later"
    QUESTION = "question"
    INVITATION = "invitation"
    RECORDING = "recording"
    STOPPING = "stopping"
    REVIEW = "review"
    FAREWELL = "farewell"
    HANGING_UP = "hanging_up"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class State:
    """Everything the dialogue knows; made by `begin` and `step` only."""

    pending: tuple[Question, ...]
    """Questions without an answer; the first is the one being put."""
    entry: Entry = Entry.RUNG
    later: tuple[LaterTime, ...] = ()
    """The times offered to who presses 2."""
    resumed: bool = False
    """An earlier call has answers already."""
    phase: Phase = Phase.RINGING
    waiting: bool = False
    """A timer runs; else a prompt plays or the comment is recorded."""
    reasks: int = 0
    repeats: int = 0
    ignored: int = 0
    started: bool = False
    """Key 1 has been pressed."""
    opined: bool = False
    """At least one question has a value or no opinion."""
    opted_out: bool = False
    stopped: bool = False
    """Staff have ended the call; a comment that was being recorded is kept on the way out."""

    @property
    def outcome(self) -> Outcome:
        """What the call would be called if it ended now; answers of an earlier call are never lost by a later one."""
        if self.opted_out:
            return Outcome.OPTED_OUT
        if not (self.started or self.resumed):
            return Outcome.NO_START
        return Outcome.COMPLETED if self.opined and not self.pending else Outcome.PARTIAL

    @property
    def may_repeat(self) -> bool:
        """Whether `*` still repeats the prompt."""
        return self.repeats < _MAX_REPEATS


Step = tuple[State, tuple[Action, ...]]


def play(state: State, *prompts: str) -> Step:
    return replace(state, waiting=False, ignored=0), (Play(prompts),)


def after(action: Action, following: Step) -> Step:
    """The action, and then what follows it."""
    return following[0], (action, *following[1])


def enter(state: State, phase: Phase, *prompts: str) -> Step:
    """On to another part of the call, with all its re-asks and repeats."""
    return play(replace(state, phase=phase, reasks=0, repeats=0), *prompts)


def repeat(state: State, *prompts: str) -> Step:
    return play(replace(state, repeats=state.repeats + 1), *prompts)


def ask_again(state: State, reason: str, *prompts: str) -> Step:
    return play(replace(state, reasks=state.reasks + 1), reason, *prompts)


def next_question(state: State) -> Step:
    """The first question without an answer, or the invitation to comment."""
    if state.pending:
        return enter(state, Phase.QUESTION, state.pending[0].prompt)
    return enter(state, Phase.INVITATION, "comment_invite")


def farewell(state: State, *prompts: str) -> Step:
    thanks = ("thanks",) if state.started else ()
    return enter(state, Phase.FAREWELL, *prompts, *thanks)


def break_off(state: State) -> Step:
    """Say that the call has to end, and end it."""
    return enter(state, Phase.FAREWELL, "stopped_kept" if state.opined else "stopped")
