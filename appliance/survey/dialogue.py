"""The call as a pure state machine: an event in, the next state and what to do out; no clock, no I/O.

At every moment but before `Answered` and after `HangUp` one of three things is under way, so that the call
never hangs: a prompt plays, a timer runs, or the comment is recorded. Whatever comes in, in whatever order, the
number of actions is bounded and `End` is the last of them.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from appliance.survey.events import (
    Action,
    Answered,
    End,
    EraseComment,
    Event,
    HangUp,
    HungUp,
    KeepComment,
    KeyPressed,
    OptOut,
    Play,
    PromptEnded,
    RecordingEnded,
    RingLater,
    SaveAnswer,
    Start,
    StartRecording,
    StopRecording,
    TimedOut,
    Wait,
)
from appliance.survey.questionnaire import Question, Questionnaire
from appliance.types import AnswerKind, Outcome

ANSWER_SECONDS: Final = 8.0
"""The time to press a key once a prompt has ended."""
_MAX_REASKS: Final = 2
"""Of one question, whether no key or a wrong one came."""
_MAX_REPEATS: Final = 5
"""Of one prompt by `*`; after that `*` is a key like any other."""
_MAX_IGNORED: Final = 10
"""Stray events while one timer runs; after that the timer counts as run out."""


class Phase(StrEnum):
    """Where in the call the citizen is."""

    RINGING = "ringing"
    MENU = "menu"
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

    @property
    def outcome(self) -> Outcome:
        """What the call would be called if it ended now."""
        if self.opted_out:
            return Outcome.OPTED_OUT
        if not self.started:
            return Outcome.NO_START
        return Outcome.COMPLETED if self.opined and not self.pending else Outcome.PARTIAL


Step = tuple[State, tuple[Action, ...]]


def begin(questionnaire: Questionnaire, answered: frozenset[str] = frozenset()) -> State:
    """The state before the citizen picks up; `answered` are keys of questions answered in an earlier call."""
    pending = tuple(question for question in questionnaire.questions if question.key not in answered)
    return State(pending, opined=len(pending) < len(questionnaire.questions))


def step(state: State, event: Event) -> Step:  # noqa: PLR0911 -- one line an event is its table
    """The next state and the actions to carry out in order; an event that means nothing now is no error."""
    match event:
        case HungUp():
            return _hung_up(state)
        case PromptEnded():
            return _prompt_ended(state)
        case KeyPressed(key) if state.phase in _KEYS:
            return _KEYS[state.phase](state, key)
        case TimedOut() if state.waiting:
            return _timed_out(state)
        case RecordingEnded(spoken) if state.phase in _CAPTURING:
            return _recording_ended(state, spoken=spoken)
        case Answered() if state.phase is Phase.RINGING:
            return _play(replace(state, phase=Phase.MENU), "greeting", "menu")
    return _ignore(state)


_CAPTURING: Final = frozenset({Phase.RECORDING, Phase.STOPPING})


def _play(state: State, *prompts: str) -> Step:
    return replace(state, waiting=False, ignored=0), (Play(prompts),)


def _after(actions: tuple[Action, ...], following: Step) -> Step:
    return following[0], actions + following[1]


def _ignore(state: State) -> Step:
    """Any event stops the timer, so it is set again; a finite number of times, so that the call ends."""
    if not state.waiting:
        return state, ()
    if state.ignored == _MAX_IGNORED:
        return _timed_out(state)
    return replace(state, ignored=state.ignored + 1), (Wait(ANSWER_SECONDS),)


def _hung_up(state: State) -> Step:
    if state.phase is Phase.ENDED:
        return state, ()
    kept = (KeepComment(),) if state.phase in _CAPTURING | {Phase.REVIEW} else ()
    return replace(state, phase=Phase.ENDED, waiting=False), (*kept, End(state.outcome))


def _prompt_ended(state: State) -> Step:
    if state.waiting:
        return state, ()
    if state.phase in {Phase.MENU, Phase.QUESTION, Phase.REVIEW}:
        return replace(state, waiting=True), (Wait(ANSWER_SECONDS),)
    if state.phase is Phase.INVITATION:
        return replace(state, phase=Phase.RECORDING), (StartRecording(),)
    if state.phase is Phase.FAREWELL:
        return replace(state, phase=Phase.HANGING_UP), (HangUp(),)
    return state, ()


def _timed_out(state: State) -> Step:
    if state.phase is Phase.QUESTION:
        return _ask_again(state, "no_key")
    if state.reasks:
        return _farewell(state, "goodbye_no_key") if state.phase is Phase.MENU else _keep(state)
    return _play(replace(state, reasks=1), "no_key", state.phase.value)  # "menu" or "review"


def _repeat(state: State, *prompts: str) -> Step:
    return _play(replace(state, repeats=state.repeats + 1), *prompts)


def _menu_key(state: State, key: str) -> Step:
    if key == "1":
        return _after((Start(),), _next_question(replace(state, started=True)))
    if key == "9":
        return _after((OptOut(),), _farewell(replace(state, opted_out=True), "opted_out"))
    if key == "2":
        return _after((RingLater(),), _farewell(state, "later"))
    if key == "*" and state.repeats < _MAX_REPEATS:
        return _repeat(state, "greeting", "menu")
    return _ignore(state)


def _next_question(state: State) -> Step:
    fresh = replace(state, reasks=0, repeats=0)
    if state.pending:
        return _play(replace(fresh, phase=Phase.QUESTION), state.pending[0].prompt)
    return _play(replace(fresh, phase=Phase.INVITATION), "comment_invite")


def _question_key(state: State, key: str) -> Step:
    question = state.pending[0]
    if key == "0":
        return _save(state, AnswerKind.NO_OPINION)
    if key == "#":
        return _save(state, AnswerKind.SKIPPED)
    if key.isdecimal() and int(key) in question.valid_values:
        return _save(state, AnswerKind.VALUE, int(key))
    if key == "*" and state.repeats < _MAX_REPEATS:
        return _repeat(state, question.prompt)
    return _ask_again(state, "invalid")


def _ask_again(state: State, reason: str) -> Step:
    if state.reasks == _MAX_REASKS:
        return _save(state, AnswerKind.SKIPPED)
    return _play(replace(state, reasks=state.reasks + 1), reason, state.pending[0].prompt)


def _save(state: State, kind: AnswerKind, value: int | None = None) -> Step:
    saved = SaveAnswer(state.pending[0].key, kind, value)
    opined = state.opined or kind is not AnswerKind.SKIPPED
    return _after((saved,), _next_question(replace(state, pending=state.pending[1:], opined=opined)))


def _invitation_key(state: State, key: str) -> Step:
    if key == "#":
        return _farewell(state)
    if key == "*" and state.repeats < _MAX_REPEATS:
        return _repeat(state, "comment_invite")
    return state, ()


def _recording_key(state: State, key: str) -> Step:
    return (replace(state, phase=Phase.STOPPING), (StopRecording(),)) if key == "#" else (state, ())


def _recording_ended(state: State, *, spoken: bool) -> Step:
    if not spoken:
        return _after((EraseComment(),), _farewell(state))
    return _play(replace(state, phase=Phase.REVIEW, repeats=0), "review")


def _review_key(state: State, key: str) -> Step:
    if key == "1":
        return _keep(state)
    if key == "7":
        return _after((EraseComment(),), _farewell(state, "erased"))
    if key == "*" and state.repeats < _MAX_REPEATS:
        return _repeat(state, "review")
    return _ignore(state)


def _keep(state: State) -> Step:
    return _after((KeepComment(),), _farewell(state, "kept"))


def _farewell(state: State, *prompts: str) -> Step:
    thanks = ("thanks",) if state.started else ()
    return _play(replace(state, phase=Phase.FAREWELL), *prompts, *thanks)


_KEYS: Final = {
    Phase.MENU: _menu_key,
    Phase.QUESTION: _question_key,
    Phase.INVITATION: _invitation_key,
    Phase.RECORDING: _recording_key,
    Phase.REVIEW: _review_key,
}
