import pytest
from world import answered_world

from appliance.survey.events import End, HangUp, HungUp, OptOut, Play, RingLater, TimedOut, Wait
from appliance.types import Outcome

_OPENING = Play(("greeting", "menu"))


def test_picking_up_plays_the_greeting_and_the_menu() -> None:
    assert answered_world().actions == [_OPENING]


def test_no_key_repeats_the_menu_once_then_says_goodbye() -> None:
    world = answered_world()
    assert world.let_pass() == (Wait(8.0),)
    assert world.let_pass() == (Play(("no_key", "menu")),)
    assert world.let_pass() == (Wait(8.0),)
    assert world.let_pass() == (Play(("goodbye_no_key",)),)
    assert world.let_pass() == (HangUp(),)
    assert world.let_pass() == (End(Outcome.NO_START),)


def test_a_hang_up_before_key_1_is_no_start() -> None:
    assert answered_world().send(HungUp()) == (End(Outcome.NO_START),)


def test_key_9_opts_out_before_it_is_confirmed() -> None:
    world = answered_world()
    assert world.press("9") == (OptOut(), Play(("opted_out",)))
    assert world.send(HungUp()) == (End(Outcome.OPTED_OUT),)


def test_key_2_asks_for_another_time() -> None:
    world = answered_world()
    assert world.press("2") == (RingLater(None), Play(("later",)))
    assert world.let_pass() == (HangUp(),)
    assert world.let_pass() == (End(Outcome.NO_START),)


@pytest.mark.parametrize("key", ["0", "3", "5", "8", "#"])
def test_other_keys_are_ignored_and_set_the_timer_again(key: str) -> None:
    world = answered_world()
    assert world.press(key) == (), "the prompt plays on"
    world.let_pass()
    assert world.press(key) == (Wait(8.0),)


def test_star_repeats_all_of_it() -> None:
    assert answered_world().press("*") == (_OPENING,)


def test_after_the_goodbye_has_begun_no_key_counts() -> None:
    world = answered_world()
    world.press("9")
    assert world.press("1*2") == ()


def test_a_timer_that_fires_late_does_nothing() -> None:
    assert answered_world().send(TimedOut()) == ()
