import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import KEYS, QUESTION_KEYS, QUESTIONNAIRE, World, answered_world

from appliance.survey.dialogue import begin, step
from appliance.survey.events import (
    Answered,
    End,
    Entry,
    Event,
    HangUp,
    HungUp,
    KeyPressed,
    PromptEnded,
    RecordingEnded,
    SaveAnswer,
    TimedOut,
)
from appliance.survey.state import State
from appliance.types import LaterTime

_EVENTS: st.SearchStrategy[Event] = st.one_of(
    st.sampled_from(KEYS).map(KeyPressed),
    st.just(Answered()),
    st.just(PromptEnded()),
    st.just(TimedOut()),
    st.booleans().map(RecordingEnded),
)
_PLAYS_A_PROMPT = 1 + 5 + 2
"""Once, five repeats, two re-asks."""
_ACTIONS_A_PLAY = 1 + 1 + 10 + 2
"""Played, timed, timed again at most ten times, and what the last event saves or starts."""
_BEGINNINGS: st.SearchStrategy[State] = st.builds(
    begin,
    st.just(QUESTIONNAIRE),
    st.frozensets(st.sampled_from(QUESTION_KEYS)),
    st.sampled_from(Entry),
    st.frozensets(st.sampled_from(LaterTime)).map(lambda times: tuple(time for time in LaterTime if time in times)),
)
_PHASES = ["", "1", "1333222", "2"]
"""Keys that lead to a phase that waits for others."""


@given(st.lists(_EVENTS, max_size=200), _BEGINNINGS, st.lists(_EVENTS, max_size=5))
def test_a_hang_up_ends_any_sequence_of_events_with_exactly_one_end(
    events: list[Event], beginning: State, late: list[Event]
) -> None:
    world = World(beginning)
    world.send(*events, HungUp())
    assert isinstance(world.actions[-1], End)
    assert sum(isinstance(action, End) for action in world.actions) == 1
    assert world.send(*late, HungUp()) == ()


@given(st.lists(_EVENTS, max_size=200), _BEGINNINGS)
def test_no_question_is_saved_twice_and_none_that_was_answered_in_an_earlier_call(
    events: list[Event], beginning: State
) -> None:
    world = World(beginning)
    world.send(Answered(), KeyPressed("1"), *events)
    saved = [action.question for action in world.actions if isinstance(action, SaveAnswer)]
    assert saved == [question.key for question in beginning.pending][: len(saved)]


@given(st.lists(st.sampled_from([*KEYS, None]), max_size=100), _BEGINNINGS)
def test_something_is_always_under_way_until_the_call_is_hung_up(keys: list[str | None], beginning: State) -> None:
    world = World(beginning)
    world.send(Answered())
    for key in keys:
        if world.under_way == "over":
            break
        if key is None:
            world.let_pass()
        else:
            world.press(key)
        assert world.under_way != "nothing", world.state
    world.run_out()
    assert sum(isinstance(action, HangUp) for action in world.actions) == 1


@given(st.lists(_EVENTS, max_size=60), _BEGINNINGS, st.booleans())
def test_a_citizen_who_falls_silent_is_always_hung_up_on_politely(
    events: list[Event], beginning: State, spoken: bool
) -> None:
    state, _ = step(beginning, Answered())
    for event in events:
        state, _ = step(state, event)
    world = World(state, spoken=spoken, under_way=_under_way(state.phase.value, state.waiting))
    world.run_out()
    assert isinstance(world.actions[-1], End)


def _under_way(phase: str, waiting: bool) -> str:
    if phase in {"recording", "stopping"}:
        return "recording"
    if phase == "hanging_up":
        return "hanging up"
    return "timer" if waiting else "prompt"


@pytest.mark.parametrize("entry", list(Entry))
@pytest.mark.parametrize("place", _PHASES)
@pytest.mark.parametrize("event", [*map(KeyPressed, KEYS), Answered(), TimedOut(), RecordingEnded(spoken=True)])
@pytest.mark.parametrize("heard_out", [True, False])
def test_however_often_the_same_happens_the_number_of_actions_is_bounded(
    place: str, event: Event, heard_out: bool, entry: Entry
) -> None:
    world = answered_world(entry, later=tuple(LaterTime))
    world.press(place)
    world.send(PromptEnded())
    for _ in range(2000):
        world.send(event, *([PromptEnded()] if heard_out else []))
    plays = 1 + _PLAYS_A_PROMPT * (len(QUESTION_KEYS) + 4) + 2
    assert len(world.actions) <= plays * _ACTIONS_A_PLAY
