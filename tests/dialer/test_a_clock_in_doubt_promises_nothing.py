from datetime import timedelta

import pytest
from due_calls import OPEN, Enqueue
from machine import Machine
from made_up import MadeUp

from appliance.dialer.dialer import Dialer
from appliance.settings import Settings
from appliance.store import interviews, promises
from appliance.store.interviews import Lease
from appliance.store.timekeeping import HouseClock
from appliance.types import LaterTime, Outcome

DAY = timedelta(days=1)
ANY_HOUR = {"hours": {"mon-sun": "00:00-24:00"}, "holidays": True}


@pytest.fixture
def machine() -> Machine:
    return Machine(OPEN)


@pytest.fixture
def line(box: MadeUp, machine: Machine) -> Dialer:
    """Of a box that never closes, and so rings by any clock."""
    dialer = Dialer(box.db, Settings.model_validate({"dialer": ANY_HOUR}), "line-1", clock=HouseClock(box.db, machine))
    dialer.clock.mind()
    return dialer


def rung(line: Dialer) -> Lease:
    lease = line.next_call(line.clock.now())
    assert lease is not None
    line.rang(lease, line.clock.now())
    return lease


def test_who_presses_2_is_offered_no_time_and_promised_none(
    box: MadeUp, machine: Machine, line: Dialer, enqueue: Enqueue
) -> None:
    enqueue()
    machine.starts_again(OPEN + 400 * DAY)
    lease = rung(line)
    assert line.later_choices(lease) == ()
    line.promise(lease, None)
    assert promises.given_in(box.db, lease.attempt_id) is None
    line.ended(lease, Outcome.NO_START, 200, line.clock.now())
    assert interviews.outcome_of(box.db, lease.interview_id) == ("over", Outcome.NO_START)


def test_a_time_that_was_named_before_the_doubt_stands(
    box: MadeUp, machine: Machine, line: Dialer, enqueue: Enqueue
) -> None:
    enqueue()
    lease = rung(line)
    assert LaterTime.IN_AN_HOUR in line.later_choices(lease)
    machine.is_set_to(OPEN + 400 * DAY)
    line.promise(lease, LaterTime.IN_AN_HOUR)
    assert promises.given_in(box.db, lease.attempt_id) == OPEN + timedelta(hours=1)


def test_what_a_wrong_clock_has_put_off_for_years_is_due_once_the_right_one_is_believed(
    box: MadeUp, machine: Machine, line: Dialer, enqueue: Enqueue
) -> None:
    put_off, promised = enqueue(due_at=OPEN + 400 * DAY), enqueue(due_at=OPEN + 14 * DAY)
    machine.hears_a_server()
    line.clock.believe()
    assert interviews.any_due(box.db, OPEN)
    assert interviews.latest_at(box.db, put_off) == OPEN + 4 * DAY, "and its number is not kept for years"
    assert interviews.latest_at(box.db, promised) == OPEN + 16 * DAY
    assert interviews.expire(box.db, OPEN + 5 * DAY) == 1
