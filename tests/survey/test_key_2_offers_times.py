import pytest
from world import KEYS, World, answered_world

from appliance.survey.events import End, Entry, HangUp, HungUp, Play, RingLater, Wait
from appliance.types import LaterTime, Outcome

OFFERED = (LaterTime.IN_AN_HOUR, LaterTime.TOMORROW_MORNING, LaterTime.TOMORROW_AFTERNOON)
TIMES = ("later_when", "later_in_an_hour", "later_tomorrow_morning", "later_tomorrow_afternoon")
BY_KEY = dict(zip("12345", LaterTime, strict=True))


def choosing(later: tuple[LaterTime, ...] = OFFERED, entry: Entry = Entry.RUNG) -> World:
    """A call where 2 has been pressed: the times are being told."""
    world = answered_world(entry, later=later)
    world.press("2")
    return world


def test_they_are_told_in_order_and_the_wish_is_written_down_at_once() -> None:
    assert answered_world(later=OFFERED).press("2") == (RingLater(None), Play(TIMES))


@pytest.mark.parametrize("entry", [Entry.RUNG, Entry.CALLED_BACK])
@pytest.mark.parametrize(("key", "when"), BY_KEY.items())
def test_each_has_its_key_and_its_promise(key: str, when: LaterTime, entry: Entry) -> None:
    world = choosing(tuple(LaterTime), entry)
    assert world.press(key) == (RingLater(when), Play((f"promise_{when}",)))
    assert world.let_pass() == (HangUp(),)
    assert world.let_pass() == (End(Outcome.NO_START),)


@pytest.mark.parametrize("when", list(LaterTime))
def test_a_single_one_keeps_its_key(when: LaterTime) -> None:
    key = next(key for key, time in BY_KEY.items() if time is when)
    assert choosing((when,)).press(key)[0] == RingLater(when)


@pytest.mark.parametrize("key", sorted(set(KEYS) - set("134*")))
def test_another_key_tells_them_again_twice_and_then_leaves_it_to_us(key: str) -> None:
    world = choosing()
    assert world.press(key * 2) == (Play(("invalid", *TIMES)),) * 2
    assert world.press(key) == (Play(("later",)),)


def test_no_key_tells_them_again_once_and_then_leaves_it_to_us() -> None:
    world = choosing()
    assert world.let_pass() == (Wait(8.0),)
    assert world.let_pass() == (Play(("no_key", *TIMES)),)
    world.let_pass()
    assert world.let_pass() == (Play(("later",)),)
    assert [action for action in world.actions if isinstance(action, RingLater)] == [RingLater(None)]


def test_star_tells_them_again_five_times() -> None:
    assert choosing().press("******") == (Play(TIMES),) * 5 + (Play(("invalid", *TIMES)),)


def test_a_choice_counts_after_the_last_reask_as_well() -> None:
    world = choosing()
    world.press("99")
    assert world.press("4") == (RingLater(LaterTime.TOMORROW_AFTERNOON), Play(("promise_tomorrow_afternoon",)))


def test_a_hang_up_while_choosing_is_no_start_and_the_wish_stands() -> None:
    world = choosing()
    assert world.send(HungUp()) == (End(Outcome.NO_START),)
    assert RingLater(None) in world.actions


def test_once_promised_no_key_counts() -> None:
    world = choosing()
    world.press("3")
    assert world.press("1429*") == ()


def test_repeats_and_silences_of_the_menu_do_not_count_against_the_times() -> None:
    world = answered_world(later=OFFERED)
    world.press("*****")
    world.let_pass()
    world.let_pass()
    world.press("2")
    assert world.press("*") == (Play(TIMES),)
    world.let_pass()
    assert world.let_pass() == (Play(("no_key", *TIMES)),)
