"""What the PBX itself refuses is the trunk's fault: everybody waits, then one call tries."""

from datetime import datetime, timedelta

import pytest
from due_calls import OPEN, Enqueue, NewDialer
from hypothesis import given
from hypothesis import strategies as st
from made_up import MadeUp

from appliance.dialer.dialer import Dialer
from appliance.dialer.trunk_watch import back_off
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.store import interviews, trunk
from appliance.store.interviews import Lease
from appliance.types import Outcome

SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)


def fill(enqueue: Enqueue, calls: int = 20) -> None:
    for number in FICTIONAL_NUMBERS[:calls]:
        enqueue(number)


def begin(line: Dialer, now: datetime) -> Lease:
    lease = line.next_call(now)
    assert lease is not None
    return lease


def fail(line: Dialer, now: datetime, sip_status: int | None = 503) -> None:
    line.ended(begin(line, now), Outcome.TRUNK_FAULT, sip_status, now)


def paused_until(box: MadeUp) -> datetime:
    fault = trunk.fault(box.db)
    assert fault is not None
    return fault.paused_until


@given(faults=st.integers(1, 10_000), luck=st.floats(1.0, 1.5))
def test_the_back_off_is_from_one_second_to_five_minutes(faults: int, luck: float) -> None:
    pause = back_off(faults, lambda _low, _high: luck)
    assert SECOND <= pause <= 5 * MINUTE
    assert pause <= back_off(faults + 1, lambda _low, _high: luck)


def test_no_two_boxes_come_back_alike() -> None:
    assert len({back_off(5) for _ in range(20)}) > 15


@pytest.mark.parametrize("sip_status", [401, 403, 408, 500, 503, None])
def test_a_call_that_fails_at_the_trunk_pauses_all_lines(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue, sip_status: int | None
) -> None:
    fill(enqueue)
    fail(dialer("line-1"), OPEN, sip_status)
    assert OPEN + SECOND <= paused_until(box) <= OPEN + 1.5 * SECOND
    assert dialer("line-2").next_call(OPEN + 0.9 * SECOND) is None


def test_then_one_call_tries_and_the_others_wait_for_it(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    one, other = dialer("line-1"), dialer("line-2")
    fail(one, OPEN)
    probe = begin(other, OPEN + 2 * SECOND)
    assert one.next_call(OPEN + 3 * SECOND) is None
    assert one.next_call(OPEN + 60 * SECOND) is None
    other.rang(probe, OPEN + 61 * SECOND)
    assert one.next_call(OPEN + 61 * SECOND) is not None
    assert one.next_call(OPEN + 61 * SECOND) is not None


def test_a_line_that_dies_while_it_tries_holds_up_nobody_for_long(dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    one, other = dialer("line-1"), dialer("line-2")
    fail(one, OPEN)
    begin(other, OPEN + 2 * SECOND)
    assert one.next_call(OPEN + 2 * SECOND + 2 * MINUTE) is not None


def test_the_pauses_grow_until_a_call_gets_through(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    line, now, pauses = dialer(), OPEN, []
    for _ in range(9):
        fail(line, now)
        pauses.append((paused_until(box) - now).total_seconds())
        now = paused_until(box)
    assert [round(pause / 1.25, 3) for pause in pauses] == pytest.approx([2**n for n in range(8)] + [200], rel=0.21)
    line.rang(begin(line, now), now)
    assert trunk.fault(box.db) is None
    fail(line, now)
    assert (paused_until(box) - now).total_seconds() <= 1.5


def test_calls_that_were_under_way_together_fail_as_one(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    line = dialer(calls_per_minute=6_000)
    leases = [begin(line, OPEN) for _ in range(8)]
    for number, lease in enumerate(leases):
        line.ended(lease, Outcome.TRUNK_FAULT, 503, OPEN + (1 + number) * SECOND)
    fault = trunk.fault(box.db)
    assert fault is not None
    assert fault.faults == 1
    assert fault.since == OPEN + SECOND


def test_nobody_loses_a_try_by_it(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue, 10)
    line, now = dialer(), OPEN
    for _ in range(30):
        if lease := line.next_call(now):
            line.ended(lease, Outcome.TRUNK_FAULT, 503, now)
        now = max(paused_until(box), now + MINUTE)
    assert interviews.count_by_state(box.db) == {"queued": 10}
    assert all(interviews.rings_of(box.db, interview_id) == 0 for interview_id in interviews.all_ids(box.db))


def test_a_fault_after_it_rang_is_that_call_s_own(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    line = dialer()
    lease = begin(line, OPEN)
    line.rang(lease, OPEN)
    line.ended(lease, Outcome.TRUNK_FAULT, 503, OPEN + 5 * SECOND)
    assert trunk.fault(box.db) is None


def test_a_dead_line_is_not_the_trunk_s_fault(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    begin(dialer("line-1"), OPEN)
    other = dialer("line-2")
    (left,) = other.abandoned(OPEN + 2 * MINUTE)
    other.ended(left, Outcome.TRUNK_FAULT, None, OPEN + 2 * MINUTE)
    assert trunk.fault(box.db) is None


def test_staff_s_own_call_tries_at_once(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    fail(dialer(), OPEN)
    wanted = enqueue(FICTIONAL_NUMBERS[50])
    by_staff = dialer("dial-1", only=wanted)
    lease = begin(by_staff, OPEN)
    by_staff.rang(lease, OPEN)
    assert trunk.fault(box.db) is None


def test_a_clock_set_back_by_a_day_does_not_pause_it_for_a_day(dialer: NewDialer, enqueue: Enqueue) -> None:
    fill(enqueue)
    line = dialer()
    fail(line, OPEN + timedelta(days=1))
    assert line.next_call(OPEN) is not None


@pytest.mark.parametrize("has_opted_out", [True, False])
def test_a_number_that_must_not_be_rung_is_no_probe(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue, has_opted_out: bool
) -> None:
    one, other = dialer("line-1"), dialer("line-2")
    fill(enqueue, calls=3)
    fail(one, OPEN)
    then = OPEN + 2 * SECOND
    if has_opted_out:
        for number in FICTIONAL_NUMBERS[:2]:
            blocked = (box.hash_of(number), "2026-11-22", "staff")  # and queued in the same moment
            box.db.execute("INSERT INTO opt_outs (number_hash, changed_at, source) VALUES (?, ?, ?)", blocked)
        assert other.next_call(then) is None
    else:
        other.never_dialled(begin(other, then), Outcome.BAD_NUMBER, then)
    left = [one.next_call(then + SECOND), one.next_call(then + 2 * SECOND)]
    assert any(left), "the turn to try goes to the next"
    assert trunk.fault(box.db) is not None
