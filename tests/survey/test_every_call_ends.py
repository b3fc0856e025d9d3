import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import KEYS, QUESTION_KEYS, QUESTIONNAIRE, World, answered_world

from appliance.survey.dialogue import begin, step
from appliance.survey.events import (
    Answered,
    End,
    Event,
    HangUp,
    HungUp,
    KeyPressed,
    PromptEnded,
    RecordingEnded,
    SaveAnswer,
    TimedOut,
)

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
_ANSWERED_BEFORE = st.frozensets(st.sampled_from(QUESTION_KEYS))


@given(st.lists(_EVENTS, max_size=200), _ANSWERED_BEFORE, st.lists(_EVENTS, max_size=5))
def test_a_hang_up_ends_any_sequence_of_events_with_exactly_one_end(
    events: list[Event], answered: frozenset[str], late: list[Event]
) -> None:
    world = World(begin(QUESTIONNAIRE, answered))
    world.send(*events, HungUp())
    assert isinstance(world.actions[-1], End)
    assert sum(isinstance(action, End) for action in world.actions) == 1
    assert world.send(*late, HungUp()) == ()


@given(st.lists(_EVENTS, max_size=200), _ANSWERED_BEFORE)
def test_no_question_is_saved_twice_and_none_that_was_answered_in_an_earlier_call(
    events: list[Event], answered: frozenset[str]
) -> None:
    world = World(begin(QUESTIONNAIRE, answered))
    world.send(Answered(), KeyPressed("1"), *events)
    saved = [action.question for action in world.actions if isinstance(action, SaveAnswer)]
    to_ask = [key for key in QUESTION_KEYS if key not in answered]
    assert saved == to_ask[: len(saved)]


@given(st.lists(st.sampled_from([*KEYS, None]), max_size=100))
def test_something_is_always_under_way_until_the_call_is_hung_up(keys: list[str | None]) -> None:
    world = answered_world()
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


@given(st.lists(_EVENTS, max_size=60), _ANSWERED_BEFORE, st.booleans())
def test_a_citizen_who_falls_silent_is_always_hung_up_on_politely(
    events: list[Event], answered: frozenset[str], spoken: bool
) -> None:
    state = begin(QUESTIONNAIRE, answered)
    state, _ = step(state, Answered())
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


@pytest.mark.parametrize("place", ["", "1", "1333222"])
@pytest.mark.parametrize("event", [*map(KeyPressed, KEYS), Answered(), TimedOut(), RecordingEnded(spoken=True)])
@pytest.mark.parametrize("heard_out", [True, False])
def test_however_often_the_same_happens_the_number_of_actions_is_bounded(
    place: str, event: Event, heard_out: bool
) -> None:
    world = answered_world()
    world.press(place)
    world.send(PromptEnded())
    for _ in range(2000):
        world.send(event, *([PromptEnded()] if heard_out else []))
    plays = 1 + _PLAYS_A_PROMPT * (len(QUESTION_KEYS) + 3) + 2
    assert len(world.actions) <= plays * _ACTIONS_A_PLAY
