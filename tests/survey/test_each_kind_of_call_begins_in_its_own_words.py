import pytest
from hypothesis import given
from hypothesis import strategies as st
from world import KEYS, QUESTION_KEYS, answered_world

from appliance.survey.events import End, Entry, HangUp, HungUp, OptOut, Play, Start, Wait
from appliance.types import LaterTime, Outcome

INTERVIEWS = [Entry.RUNG, Entry.CALLED_BACK, Entry.TRANSFERRED]
WITHOUT_ONE = [Entry.STRANGER, Entry.HIDDEN]
FIRST = answered_world().press("1")


@pytest.mark.parametrize(
    ("entry", "prompts"),
    [
        (Entry.RUNG, ("greeting", "menu")),
        (Entry.CALLED_BACK, ("callback_greeting", "menu")),
        (Entry.TRANSFERRED, ("transfer_greeting", "transfer_menu")),
        (Entry.STRANGER, ("stranger",)),
        (Entry.HIDDEN, ("hidden",)),
    ],
)
def test_each_is_greeted_in_its_own_words_and_hears_them_again_with_star(
    entry: Entry, prompts: tuple[str, ...]
) -> None:
    world = answered_world(entry)
    assert world.actions == [Play(prompts)]
    assert world.press("******") == (Play(prompts),) * 5


@pytest.mark.parametrize("entry", INTERVIEWS)
def test_key_1_begins_every_interview(entry: Entry) -> None:
    assert answered_world(entry).press("1") == FIRST
    assert FIRST[0] == Start()


@pytest.mark.parametrize("entry", [*INTERVIEWS, Entry.STRANGER])
def test_key_9_opts_out_everywhere(entry: Entry) -> None:
    world = answered_world(entry)
    assert world.press("9") == (OptOut(), Play(("opted_out",)))
    assert world.send(HungUp()) == (End(Outcome.OPTED_OUT),)


@pytest.mark.parametrize(
    ("entry", "menu"), [(Entry.RUNG, "menu"), (Entry.CALLED_BACK, "menu"), (Entry.TRANSFERRED, "transfer_menu")]
)
def test_no_key_repeats_the_menu_that_belongs_to_it(entry: Entry, menu: str) -> None:
    world = answered_world(entry)
    world.let_pass()
    assert world.let_pass() == (Play(("no_key", menu)),)


def test_whoever_is_put_through_cannot_be_rung_later() -> None:
    world = answered_world(Entry.TRANSFERRED, later=tuple(LaterTime))
    assert world.press("2") == ()


@pytest.mark.parametrize("entry", WITHOUT_ONE)
def test_who_has_no_interview_and_presses_nothing_hears_a_goodbye(entry: Entry) -> None:
    world = answered_world(entry)
    assert world.let_pass() == (Wait(8.0),)
    assert world.let_pass() == (Play(("goodbye",)),)
    assert world.let_pass() == (HangUp(),)
    assert world.let_pass() == (End(Outcome.NO_START),)


@given(st.sampled_from(WITHOUT_ONE), st.lists(st.sampled_from([*KEYS, None]), max_size=60))
def test_who_has_no_interview_is_asked_nothing_whatever_is_pressed(entry: Entry, keys: list[str | None]) -> None:
    world = answered_world(entry, later=tuple(LaterTime))
    for key in keys:
        if world.under_way == "over":
            break
        world.let_pass() if key is None else world.press(key)
    if world.under_way != "over":
        world.send(HungUp())
    assert {type(action) for action in world.actions} <= {Play, Wait, OptOut, HangUp, End}
    opted_out = entry is Entry.STRANGER and OptOut() in world.actions
    assert world.actions[-1] == End(Outcome.OPTED_OUT if opted_out else Outcome.NO_START)
    assert entry is Entry.STRANGER or OptOut() not in world.actions


@pytest.mark.parametrize("entry", INTERVIEWS)
@pytest.mark.parametrize(
    ("answered", "outcome"), [(1, Outcome.PARTIAL), (5, Outcome.PARTIAL), (6, Outcome.COMPLETED), (0, Outcome.NO_START)]
)
def test_what_an_earlier_call_answered_is_not_lost_by_hanging_up(entry: Entry, answered: int, outcome: Outcome) -> None:
    world = answered_world(entry, frozenset(QUESTION_KEYS[:answered]))
    assert world.send(HungUp()) == (End(outcome),)
