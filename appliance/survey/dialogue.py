"""The call as a pure state machine: an event in, the next state and what to do out; no clock, no I/O.

At every moment but before `Answered` and after `HangUp` one of three things is under way, so that the call
never hangs: a prompt plays, a timer runs, or the comment is recorded. Whatever comes in, in whatever order, the
number of actions is bounded and `End` is the last of them.
"""

from dataclasses import replace
from typing import Final

from appliance.survey.events import (
    Answered,
    End,
    Entry,
    EraseComment,
    Event,
    HangUp,
    HungUp,
    KeepComment,
    KeyPressed,
    PromptEnded,
    RecordingEnded,
    SaveAnswer,
    StartRecording,
    Stopped,
    StopRecording,
    TimedOut,
    Wait,
)
from appliance.survey.menu import later_key, later_silence, menu_key, menu_silence, open_menu, parting_key
from appliance.survey.questionnaire import Questionnaire
from appliance.survey.state import (
    MAX_REASKS,
    Phase,
    State,
    Step,
    after,
    ask_again,
    break_off,
    enter,
    farewell,
    next_question,
    repeat,
)
from appliance.types import AnswerKind, LaterTime

ANSWER_SECONDS: Final = 8.0
"""The time to press a key once a prompt has ended."""
_MAX_IGNORED: Final = 10
"""Stray events while one timer runs; after that the timer counts as run out."""


def begin(
    questionnaire: Questionnaire,
    answered: frozenset[str] = frozenset(),
    entry: Entry = Entry.RUNG,
    later: tuple[LaterTime, ...] = (),
) -> State:
    """The state before anybody picks up.

    `answered`: keys of questions answered in an earlier call. `later`: the times offered to who presses 2; without
    any we ring when it suits us.
    """
    pending = tuple(question for question in questionnaire.questions if question.key not in answered)
    resumed = len(pending) < len(questionnaire.questions)
    return State(pending, entry, later, resumed=resumed, opined=resumed)


def step(state: State, event: Event) -> Step:  # noqa: PLR0911 -- one line an event is its table
    """The next state and the actions to carry out in order; an event that means nothing now is no error."""
    match event:
        case HungUp():
            return _hung_up(state)
        case PromptEnded():
            return _prompt_ended(state)
        case KeyPressed(key) if state.phase in _ON_KEY:
            return _ON_KEY[state.phase](state, key) or _ignore(state)
        case TimedOut() if state.waiting:
            return _ON_SILENCE[state.phase](state)
        case RecordingEnded(spoken) if state.phase in _CAPTURING:
            return _recording_ended(state, spoken=spoken)
        case Answered() if state.phase is Phase.RINGING:
            return open_menu(state)
        case Stopped() if state.phase not in _ENDING:
            return _stopped(replace(state, stopped=True))
    return _ignore(state)


_CAPTURING: Final = frozenset({Phase.RECORDING, Phase.STOPPING})
_ENDING: Final = frozenset({Phase.FAREWELL, Phase.HANGING_UP, Phase.ENDED})
"""The call ends by itself, within seconds."""


def _ignore(state: State) -> Step:
    """Any event stops the timer, so it is set again; a finite number of times, so that the call ends."""
    if not state.waiting:
        return state, ()
    if state.ignored == _MAX_IGNORED:
        return _ON_SILENCE[state.phase](state)
    return replace(state, ignored=state.ignored + 1), (Wait(ANSWER_SECONDS),)


def _hung_up(state: State) -> Step:
    if state.phase is Phase.ENDED:
        return state, ()
    kept = (KeepComment(),) if state.phase in _CAPTURING | {Phase.REVIEW} else ()
    return replace(state, phase=Phase.ENDED, waiting=False), (*kept, End(state.outcome))


def _stopped(state: State) -> Step:
    """Whom nobody has answered yet is hung up on; a comment is kept as far as it got, for it was given us."""
    if state.phase is Phase.RINGING:
        return replace(state, phase=Phase.HANGING_UP), (HangUp(),)
    if state.phase is Phase.RECORDING:
        return replace(state, phase=Phase.STOPPING), (StopRecording(),)
    if state.phase is Phase.STOPPING:
        return state, ()
    return after(KeepComment(), break_off(state)) if state.phase is Phase.REVIEW else break_off(state)


def _prompt_ended(state: State) -> Step:
    if state.waiting:
        return state, ()
    if state.phase in _ON_SILENCE:
        return replace(state, waiting=True), (Wait(ANSWER_SECONDS),)
    if state.phase is Phase.INVITATION:
        return replace(state, phase=Phase.RECORDING), (StartRecording(),)
    if state.phase is Phase.FAREWELL:
        return replace(state, phase=Phase.HANGING_UP), (HangUp(),)
    return state, ()


def _question_key(state: State, key: str) -> Step:
    question = state.pending[0]
    if key == "0":
        return _save(state, AnswerKind.NO_OPINION)
    if key == "#":
        return _save(state, AnswerKind.SKIPPED)
    if key.isdecimal() and int(key) in question.valid_values:
        return _save(state, AnswerKind.VALUE, int(key))
    if key == "*" and state.may_repeat:
        return repeat(state, question.prompt)
    return _ask_again(state, "invalid")


def _question_silence(state: State) -> Step:
    return _ask_again(state, "no_key")


def _ask_again(state: State, reason: str) -> Step:
    if state.reasks == MAX_REASKS:
        return _save(state, AnswerKind.SKIPPED)
    return ask_again(state, reason, state.pending[0].prompt)


def _save(state: State, kind: AnswerKind, value: int | None = None) -> Step:
    saved = SaveAnswer(state.pending[0].key, kind, value)
    opined = state.opined or kind is not AnswerKind.SKIPPED
    return after(saved, next_question(replace(state, pending=state.pending[1:], opined=opined)))


def _invitation_key(state: State, key: str) -> Step | None:
    if key == "#":
        return farewell(state)
    return repeat(state, "comment_invite") if key == "*" and state.may_repeat else None


def _recording_key(state: State, key: str) -> Step | None:
    return (replace(state, phase=Phase.STOPPING), (StopRecording(),)) if key == "#" else None


def _recording_ended(state: State, *, spoken: bool) -> Step:
    if state.stopped:
        return after(KeepComment() if spoken else EraseComment(), break_off(state))
    if not spoken:
        return after(EraseComment(), farewell(state))
    return enter(state, Phase.REVIEW, "review")


def _review_key(state: State, key: str) -> Step | None:
    if key == "1":
        return _keep(state)
    if key == "7":
        return after(EraseComment(), farewell(state, "erased"))
    return repeat(state, "review") if key == "*" and state.may_repeat else None


def _review_silence(state: State) -> Step:
    return _keep(state) if state.reasks else ask_again(state, "no_key", "review")


def _keep(state: State) -> Step:
    return after(KeepComment(), farewell(state, "kept"))


_ON_KEY: Final = {
    Phase.MENU: menu_key,
    Phase.LATER: later_key,
    Phase.QUESTION: _question_key,
    Phase.INVITATION: _invitation_key,
    Phase.RECORDING: _recording_key,
    Phase.REVIEW: _review_key,
    Phase.FAREWELL: parting_key,
}
"""What a key does in each phase; None where it means nothing."""
_ON_SILENCE: Final = {
    Phase.MENU: menu_silence,
    Phase.LATER: later_silence,
    Phase.QUESTION: _question_silence,
    Phase.REVIEW: _review_silence,
}
"""The phases that wait for a key, and what follows where none comes."""
