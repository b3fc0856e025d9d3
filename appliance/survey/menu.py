"""Before the first question: who we are, whether to take part, and when else it would suit."""

from dataclasses import dataclass, replace
from typing import Final

from appliance.survey.events import Entry, OptOut, RingLater, Start
from appliance.survey.state import (
    MAX_REASKS,
    Phase,
    State,
    Step,
    after,
    ask_again,
    enter,
    farewell,
    next_question,
    repeat,
)
from appliance.types import LaterTime


@dataclass(frozen=True, slots=True)
class _Opening:
    """How one kind of call begins."""

    prompts: tuple[str, ...]
    """The last of them tells the keys."""
    keys: str


_OPENINGS: Final = {
    Entry.RUNG: _Opening(("greeting", "menu"), "129*"),
    Entry.CALLED_BACK: _Opening(("callback_greeting", "menu"), "129*"),
    Entry.TRANSFERRED: _Opening(("transfer_greeting", "transfer_menu"), "19*"),
    Entry.STRANGER: _Opening(("stranger",), "9*"),
    Entry.HIDDEN: _Opening(("hidden",), "*"),
}
_LATER_KEYS: Final = dict(zip("12345", LaterTime, strict=True))
"""Each time has its own key, whichever of them are offered."""


def open_menu(state: State) -> Step:
    return enter(state, Phase.MENU, *_OPENINGS[state.entry].prompts)


def menu_key(state: State, key: str) -> Step | None:
    opening = _OPENINGS[state.entry]
    if key not in opening.keys:
        return None
    if key == "1":
        return after(Start(), next_question(replace(state, started=True)))
    if key == "9":
        return after(OptOut(), farewell(replace(state, opted_out=True), "opted_out"))
    if key == "2":
        return after(RingLater(None), _offer(state))
    return repeat(state, *opening.prompts) if state.may_repeat else None


def parting_key(state: State, key: str) -> Step | None:
    """Whom a stop has cut off before the first question may still ask to be left alone; the call ends all the same."""
    is_cut_off = state.stopped and not (state.started or state.opted_out)
    if not is_cut_off or key != "9" or key not in _OPENINGS[state.entry].keys:
        return None
    return replace(state, opted_out=True), (OptOut(),)


def menu_silence(state: State) -> Step:
    if state.entry in {Entry.STRANGER, Entry.HIDDEN}:
        return farewell(state, "goodbye")
    if state.reasks:
        return farewell(state, "goodbye_no_key")
    return ask_again(state, "no_key", _OPENINGS[state.entry].prompts[-1])


def later_key(state: State, key: str) -> Step:
    when = _LATER_KEYS.get(key)
    if when in state.later:
        return after(RingLater(when), farewell(state, f"promise_{when}"))
    if key == "*" and state.may_repeat:
        return repeat(state, *_times(state))
    return ask_again(state, "invalid", *_times(state)) if state.reasks < MAX_REASKS else farewell(state, "later")


def later_silence(state: State) -> Step:
    return farewell(state, "later") if state.reasks else ask_again(state, "no_key", *_times(state))


def _offer(state: State) -> Step:
    return enter(state, Phase.LATER, *_times(state)) if state.later else farewell(state, "later")


def _times(state: State) -> tuple[str, ...]:
    return "later_when", *(f"later_{when}" for when in state.later)
