import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import KEYS, World, answered_world, recording_world, started_world

from appliance.survey.events import (
    Answered,
    End,
    Entry,
    EraseComment,
    HangUp,
    HungUp,
    KeepComment,
    KeyPressed,
    OptOut,
    Play,
    PromptEnded,
    RecordingEnded,
    SaveAnswer,
    StartRecording,
    Stopped,
    StopRecording,
    Wait,
)
from appliance.types import LaterTime, Outcome

_MOVES = st.lists(st.sampled_from([*KEYS, None]), max_size=40)
"""Keys, and None where the citizen lets time pass."""


def outcome(world: World) -> Outcome:
    end = world.actions[-1]
    assert isinstance(end, End)
    return end.outcome


@given(before=_MOVES, entry=st.sampled_from(Entry), spoken=st.booleans(), after=_MOVES)
def test_wherever_the_call_is_two_things_later_it_is_over(
    before: list[str | None], entry: Entry, spoken: bool, after: list[str | None]
) -> None:
    """A recording that stops and a last prompt; no key, no silence puts it off, nothing more is asked."""
    world = answered_world(entry, later=tuple(LaterTime))
    world.spoken = spoken
    for key in before:
        if world.under_way != "over":
            world.press(key) if key else world.let_pass()
    if world.under_way == "over":
        return
    said = len(world.actions)
    world.send(Stopped(), Stopped())
    for key in after:
        if key and world.under_way != "over":
            world.press(key)
    for _ in range(3):
        if world.under_way != "over":
            world.let_pass()
    assert world.under_way == "over"
    since = world.actions[said:]
    assert not [action for action in since if isinstance(action, Wait | SaveAnswer | StartRecording)]
    assert sum(isinstance(action, Play) for action in since) <= 1
    assert sum(isinstance(action, End) for action in since) == 1


def test_a_phone_that_only_rings_is_hung_up() -> None:
    world = World()
    assert world.send(Stopped()) == (HangUp(),)
    assert world.send(Answered()) == (), "who picks up in that very moment hears nothing more"
    assert isinstance(world.send(HungUp())[-1], End)


@pytest.mark.parametrize(("keys", "prompt", "ends"), [
    ("", "stopped", Outcome.NO_START),
    ("1", "stopped", Outcome.PARTIAL),
    ("1#", "stopped", Outcome.PARTIAL),
    ("13", "stopped_kept", Outcome.PARTIAL),
    ("111111", "stopped_kept", Outcome.PARTIAL),
    ("1111111", "stopped_kept", Outcome.COMPLETED),
])  # fmt: skip
def test_it_says_so_and_what_was_answered_decides(keys: str, prompt: str, ends: Outcome) -> None:
    world = answered_world()
    world.press(keys)
    assert world.send(Stopped()) == (Play((prompt,)),)
    world.run_out()
    assert outcome(world) is ends


def test_a_wish_that_has_been_heard_is_confirmed_as_ever() -> None:
    world = answered_world()
    world.press("9")
    assert world.send(Stopped()) == ()
    world.run_out()
    assert outcome(world) is Outcome.OPTED_OUT


@pytest.mark.parametrize("keys", ["", "2"])
def test_who_has_not_begun_may_still_ask_to_be_left_alone(keys: str) -> None:
    world = answered_world(later=tuple(LaterTime))
    world.press(keys)
    world.send(Stopped())
    assert world.send(KeyPressed("9")) == (OptOut(),)
    assert world.send(KeyPressed("9")) == (), "once is enough"
    assert world.send(PromptEnded()) == (HangUp(),)
    world.run_out()
    assert outcome(world) is Outcome.OPTED_OUT


@pytest.mark.parametrize(("entry", "keys"), [(Entry.RUNG, "1"), (Entry.HIDDEN, "")])
def test_to_others_key_9_means_nothing_then(entry: Entry, keys: str) -> None:
    world = answered_world(entry)
    world.press(keys)
    world.send(Stopped())
    assert world.send(KeyPressed("9")) == ()


def test_a_comment_is_kept_as_far_as_it_got() -> None:
    world = recording_world()
    assert world.send(Stopped()) == (StopRecording(),)
    assert world.send(RecordingEnded(spoken=True)) == (KeepComment(), Play(("stopped_kept",)))
    assert world.send(PromptEnded()) == (HangUp(),)
    world.run_out()
    assert outcome(world) is Outcome.COMPLETED


def test_where_nothing_was_said_none_is_kept() -> None:
    world = recording_world()
    world.send(Stopped())
    assert world.send(RecordingEnded(spoken=False)) == (EraseComment(), Play(("stopped_kept",)))


def test_a_comment_that_waits_for_its_key_is_kept() -> None:
    world = recording_world()
    world.press("#")
    world.let_pass()
    assert world.send(Stopped()) == (KeepComment(), Play(("stopped_kept",)))


def test_a_recording_that_just_ends_is_kept_without_a_question() -> None:
    world = recording_world()
    world.press("#")
    assert world.send(Stopped(), RecordingEnded(spoken=True)) == (KeepComment(), Play(("stopped_kept",)))


def test_before_any_answer_nothing_is_said_to_be_kept() -> None:
    world = started_world()
    assert world.send(Stopped()) == (Play(("stopped",)),)
