"""Clocks set back, ahead and to 1970, both daylight-saving nights, restarts of box and machine, staff and citizens."""

import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Final

import pytest
from calendar_by_hand import local
from hostile_time import NUMBERS, Town, World
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from made_up import MadeUp

from appliance.store.dialing import DialingState
from appliance.types import Outcome

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)
DELIVERED: Final = (540, 1200), (600, 960), (0, 0), False
NIGHTLY: Final = (90, 210), (90, 210), (90, 210), True
WORLDS: Final = {
    "the night to 2026-10-25": World(local("2026-10-23 15:00"), *DELIVERED),
    "that night, rung at night": World(local("2026-10-24 20:00"), *NIGHTLY),
    "the night to 2027-03-28, rung at night": World(local("2027-03-27 20:00"), *NIGHTLY),
    "All Saints' Eve": World(local("2026-10-29 08:00"), *DELIVERED),
}
JUMPS: Final = st.sampled_from([HOUR, -HOUR, DAY, -DAY, 1_000 * DAY, -400 * DAY, timedelta(seconds=30), None])
MINUTES: Final = st.sampled_from([0.05, 1, 1, 3, 9, 11, 11, 29, 61, 185, 185, 250, 700, 1_440])
NUMBER: Final = st.integers(0, len(NUMBERS) - 1)
ENDS: Final = st.sampled_from(
    [Outcome.NO_ANSWER, Outcome.BUSY, Outcome.VOICEMAIL, Outcome.TRUNK_FAULT, Outcome.COMPLETED]
)

Step = tuple[str, *tuple[object, ...]]
"""Something that may happen in a town, and how."""


def happens(what: str, *how: st.SearchStrategy[object]) -> st.SearchStrategy[Step]:
    return st.tuples(st.just(what), *how)


WORKS: Final = happens("works", MINUTES, ENDS, st.booleans(), st.booleans())
DRAWN: Final = happens("a_contact_is_drawn", NUMBER, st.sampled_from([0, 5, 90]))
RIGHT: Final = happens("a_server_answers")
LIFE: Final = st.lists(
    st.one_of(
        *(WORKS, WORKS, WORKS, WORKS, WORKS, WORKS, DRAWN, DRAWN, RIGHT, RIGHT),
        happens("is_set", JUMPS),
        happens("the_machine_starts_again", JUMPS | st.just(timedelta(0))),
        happens("the_box_starts_again"),
        happens("staff_look_at_the_clock"),
        happens("staff", st.sampled_from([DialingState.RUNNING, *DialingState])),
        happens("opts_out", NUMBER),
    ),
    min_size=12,
    max_size=45,
)
NEW_OFF: Final = st.sampled_from([timedelta(0), timedelta(0), timedelta(0), HOUR, -HOUR, DAY])


@pytest.fixture(scope="module")
def store() -> Iterator[MadeUp]:
    """One store, emptied for each example."""
    with tempfile.TemporaryDirectory() as folder:
        made = MadeUp(Path(folder))
        made.db.execute("PRAGMA synchronous = OFF")  # no power cut is meant here
        yield made
        made.db.close()


def live_through(store: MadeUp, world: World, new_off: timedelta, life: list[Step]) -> None:
    town = Town(store, world, new_off)
    for number in (0, 0, 1):
        town.a_contact_is_drawn(number, 0)
    for what, *how in life:
        getattr(town, what)(*how)
        town.nothing_is_forgotten_early()
    town.all_comes_to_an_end()


@pytest.mark.parametrize("world", WORLDS.values(), ids=list(WORLDS))
@settings(max_examples=50, suppress_health_check=list(HealthCheck))
@given(new_off=NEW_OFF, life=LIFE)
def test_two_hundred_lives(store: MadeUp, world: World, new_off: timedelta, life: list[Step]) -> None:
    live_through(store, world, new_off, life)


@pytest.mark.slow
@pytest.mark.timeout(1_800)
@pytest.mark.parametrize("world", WORLDS.values(), ids=list(WORLDS))
@settings(max_examples=2_500, suppress_health_check=list(HealthCheck))
@given(new_off=NEW_OFF, life=LIFE)
def test_ten_thousand_lives(store: MadeUp, world: World, new_off: timedelta, life: list[Step]) -> None:
    live_through(store, world, new_off, life)
