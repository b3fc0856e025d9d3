from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from due_calls import OPEN, Enqueue
from machine import Machine
from made_up import MadeUp

from appliance.dialer.dialer import Dialer
from appliance.settings import Settings
from appliance.store import interviews, left_behind
from appliance.store.timekeeping import SETTLES, TOLERANCE, HouseClock, Trust
from appliance.types import Outcome

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
ANY_HOUR = {"hours": {"mon-sun": "00:00-24:00"}, "holidays": True}
DAY = timedelta(days=1)
JUMPS = [-HOUR, HOUR, -DAY, DAY, 3_000 * DAY, datetime(1970, 1, 1, tzinfo=UTC) - OPEN]
LineOf = Callable[..., Dialer]


@pytest.fixture
def machine() -> Machine:
    return Machine(OPEN)


@pytest.fixture
def clock(box: MadeUp, machine: Machine) -> HouseClock:
    return HouseClock(box.db, machine)


@pytest.fixture
def line(box: MadeUp, clock: HouseClock) -> LineOf:
    def make(**changes: object) -> Dialer:
        dialer = Dialer(box.db, Settings.model_validate({"dialer": changes}), "line-1", clock=clock)
        clock.mind()
        return dialer

    return make


def rings(dialer: Dialer) -> bool:
    return dialer.next_call(dialer.clock.now()) is not None


def test_the_house_s_time_goes_on_whatever_the_clock_is_set_to(machine: Machine, clock: HouseClock) -> None:
    clock.mind()
    for jump in JUMPS:
        machine.is_set_to(machine.true + jump)
        machine.passes(minutes=5)
        assert clock.now() == machine.true


@pytest.mark.parametrize("jump", JUMPS)
def test_while_the_two_disagree_nobody_is_rung_and_nothing_is_forgotten(
    box: MadeUp, machine: Machine, clock: HouseClock, line: LineOf, enqueue: Enqueue, jump: timedelta
) -> None:
    dialer, interview_id = line(), enqueue()
    machine.is_set_to(machine.true + jump)
    assert clock.mind() is Trust.DOUBTED
    assert not rings(dialer)
    assert interviews.outcome_of(box.db, interview_id) == ("queued", None)
    machine.is_set_to(machine.true)
    assert clock.mind() is Trust.KEPT, "it agrees again"
    assert rings(dialer)


@pytest.mark.parametrize("jump", JUMPS)
def test_by_doubt_no_live_call_is_taken_for_dead(
    machine: Machine, line: LineOf, enqueue: Enqueue, jump: timedelta
) -> None:
    dialer = line()
    enqueue()
    lease = dialer.next_call(OPEN)
    assert lease is not None
    machine.is_set_to(machine.true + jump)
    assert dialer.abandoned(dialer.clock.now(), starting=False) == []
    machine.passes(seconds=2)
    machine.hears_a_server()  # it was right before, and is again
    assert dialer.abandoned(dialer.clock.now(), starting=False) == []
    dialer.ended(lease, Outcome.BUSY, 486, dialer.clock.now())
    again_at = OPEN + timedelta(minutes=10)
    assert interviews.any_due(dialer._db, again_at + MINUTE), "not by the wrong clock"
    assert not interviews.any_due(dialer._db, again_at - MINUTE)


def test_a_clock_that_was_wrong_when_the_box_was_new_is_set_right(
    box: MadeUp, machine: Machine, clock: HouseClock, line: LineOf, enqueue: Enqueue
) -> None:
    machine.is_set_to(OPEN + HOUR)
    dialer = line()
    enqueue()
    lease = dialer.next_call(clock.now())
    assert lease is not None
    machine.hears_a_server()
    assert clock.mind() is Trust.SETTLING
    assert clock.now() == machine.true
    leased = left_behind.abandoned(box.db, clock.now() + 2 * MINUTE, None)
    assert [left.interview_id for left in leased] == [lease.interview_id], "leased by the new time"
    machine.passes(seconds=SETTLES.total_seconds() - 1)
    assert clock.mind() is Trust.SETTLING
    machine.passes(seconds=1)
    assert clock.mind() is Trust.KEPT


@pytest.mark.parametrize("off", [HOUR, -HOUR, DAY])
def test_a_number_rests_though_the_clock_is_set_right_meanwhile(
    machine: Machine, clock: HouseClock, line: LineOf, enqueue: Enqueue, off: timedelta
) -> None:
    machine.is_set_to(OPEN + off)
    dialer = line()
    for _ in range(2):
        enqueue(due_at=OPEN - DAY)
    lease = dialer.next_call(clock.now())
    assert lease is not None
    dialer.rang(lease, clock.now())
    dialer.ended(lease, Outcome.COMPLETED, 200, clock.now())
    machine.hears_a_server()
    for _ in range(10):
        assert not rings(dialer)
        machine.passes(minutes=1)
    assert rings(dialer)


@pytest.mark.parametrize("shows", [datetime(1970, 1, 1, tzinfo=UTC), OPEN - HOUR, OPEN, OPEN + timedelta(days=400)])
def test_after_a_start_without_a_time_server_it_waits_for_one(
    box: MadeUp, machine: Machine, clock: HouseClock, line: LineOf, enqueue: Enqueue, shows: datetime
) -> None:
    dialer, interview_id = line(), enqueue()
    machine.starts_again(shows)
    machine.passes(minutes=5)
    assert clock.mind() is Trust.DOUBTED
    assert not rings(dialer)
    assert dialer.abandoned(clock.now()) == []
    machine.hears_a_server()
    assert clock.mind() is Trust.SETTLING
    assert not rings(dialer)
    machine.passes(seconds=SETTLES.total_seconds())
    assert rings(dialer)
    assert interviews.outcome_of(box.db, interview_id) == ("live", None)


def test_or_for_somebody_who_says_that_it_is_right(machine: Machine, clock: HouseClock, line: LineOf) -> None:
    line()
    machine.starts_again()
    assert clock.mind() is Trust.DOUBTED
    clock.believe()
    assert clock.mind() is Trust.SETTLING
    machine.passes(seconds=SETTLES.total_seconds())
    assert clock.mind() is Trust.KEPT


def test_after_a_start_with_a_time_server_nobody_is_asked(machine: Machine, clock: HouseClock, line: LineOf) -> None:
    line()
    machine.starts_again()
    machine.passes(minutes=2)
    machine.hears_a_server()
    assert clock.mind() is Trust.SETTLING
    machine.passes(seconds=SETTLES.total_seconds())
    assert clock.mind() is Trust.KEPT


def test_a_restart_of_the_box_alone_changes_nothing(box: MadeUp, machine: Machine, clock: HouseClock) -> None:
    clock.mind()
    machine.passes(days=2)
    assert HouseClock(box.db, machine).mind() is Trust.KEPT


def test_a_little_is_no_jump(machine: Machine, clock: HouseClock) -> None:
    clock.mind()
    machine.is_set_to(machine.true + TOLERANCE - timedelta(seconds=1))
    assert clock.mind() is Trust.KEPT
    assert clock.now() == machine.wall(), "so that all processes have the same time"
    machine.is_set_to(machine.true - TOLERANCE - timedelta(seconds=1))
    assert clock.mind() is Trust.DOUBTED


def test_a_box_that_never_closes_rings_by_any_clock(machine: Machine, line: LineOf, enqueue: Enqueue) -> None:
    dialer = line(**ANY_HOUR)
    enqueue()
    machine.starts_again(OPEN + timedelta(hours=2))
    assert rings(dialer)


def test_staff_s_own_call_asks_no_clock(
    box: MadeUp, machine: Machine, clock: HouseClock, line: LineOf, enqueue: Enqueue
) -> None:
    line()
    own = Dialer(box.db, Settings(), "dial-1", enqueue(), clock)
    machine.starts_again()
    assert rings(own)


def test_looking_changes_nothing(box: MadeUp, machine: Machine, clock: HouseClock) -> None:
    assert clock.trust() is Trust.KEPT
    assert box.db["timekeeping"].count == 0  # type: ignore[union-attr]
    clock.mind()
    machine.starts_again()
    machine.hears_a_server()
    assert clock.trust() is Trust.SETTLING
    assert clock.now() == machine.wall()
    machine.passes(minutes=30)
    assert clock.trust() is Trust.SETTLING, "nobody has minded it yet"
