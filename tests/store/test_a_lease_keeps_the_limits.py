"""Over all lines: so many calls at a time, so many a minute, and one call a number."""

import os
import time
from datetime import datetime, timedelta
from itertools import count

import pytest
from made_up import NOW, MadeUp

from appliance.custody.sealing import hash_number, seal_number
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.store import interviews, limits, processes
from appliance.store.clock import to_text
from appliance.store.interviews import Lease, NewInterview
from appliance.store.limits import NEXT_DUE, Hindrance, Limits
from appliance.types import E164, DrawReason, InterviewId, Language, Outcome

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
WIDE = Limits()
ONE, OTHER = FICTIONAL_NUMBERS[:2]


def queue(box: MadeUp, number: E164 = ONE, at: datetime = NOW) -> InterviewId:
    number_hash, sealed = hash_number(box.keys, number), seal_number(box.keys, number)
    contact_id = box.contact(at, DrawReason.QUEUED)
    new = NewInterview(contact_id, Language.SWEDISH, number_hash, sealed, at, at + timedelta(hours=48))
    return interviews.enqueue(box.db, new)


def take(
    box: MadeUp, allowed: Limits = WIDE, at: datetime = NOW, only: InterviewId | None = None, line: str = "line-1"
) -> Lease | None:
    return interviews.lease_due(box.db, line, at, at + MINUTE, only, allowed)


def end(box: MadeUp, lease: Lease, at: datetime, *, rang: bool = True) -> None:
    if rang:
        interviews.has_rung(box.db, lease, at)
    interviews.end_attempt(box.db, lease.attempt_id, Outcome.COMPLETED, 200, at)
    interviews.close(box.db, lease.interview_id, Outcome.COMPLETED, at)


def taken(box: MadeUp, allowed: Limits, at: datetime = NOW) -> int:
    """How many calls can begin at one moment, over four lines."""
    return next(n for n in count() if take(box, allowed, at, line=f"line-{n % 4}") is None)


def test_never_more_calls_at_a_time_than_the_trunk_carries(box: MadeUp) -> None:
    for number in FICTIONAL_NUMBERS[:10]:
        queue(box, number)
    assert taken(box, Limits(trunk_calls=7)) == 7
    assert limits.hindrance(box.db, Limits(trunk_calls=7), NOW) is Hindrance.TRUNK_FULL
    assert taken(box, Limits(trunk_calls=8)) == 1


def test_a_call_that_ends_makes_room_for_the_next(box: MadeUp) -> None:
    for number in FICTIONAL_NUMBERS[:3]:
        queue(box, number)
    one_at_a_time = Limits(trunk_calls=1)
    for _ in range(3):
        lease = take(box, one_at_a_time)
        assert lease is not None
        assert take(box, one_at_a_time) is None
        end(box, lease, NOW)


def test_callers_without_an_interview_take_places_as_well(box: MadeUp) -> None:
    for number in FICTIONAL_NUMBERS[:5]:
        queue(box, number)
    for name in ("line-1", "line-2"):
        processes.begin(box.db, name, os.getpid(), NOW)
    processes.hold(box.db, "line-1", 2)
    processes.hold(box.db, "line-2", 1)
    assert taken(box, Limits(trunk_calls=5)) == 2
    processes.hold(box.db, "line-1", 0)
    assert taken(box, Limits(trunk_calls=5)) == 2


def test_what_a_line_held_is_free_once_it_has_been_silent_for_a_minute(box: MadeUp) -> None:
    queue(box)
    processes.begin(box.db, "line-1", os.getpid(), NOW)
    processes.hold(box.db, "line-1", 3)
    assert taken(box, Limits(trunk_calls=3), NOW + 59 * SECOND) == 0
    assert taken(box, Limits(trunk_calls=3), NOW + 61 * SECOND) == 1


def test_never_more_begun_in_a_minute_than_the_pace(box: MadeUp) -> None:
    for number in FICTIONAL_NUMBERS[:100]:
        queue(box, number)
    begun = [NOW + second * SECOND for second in range(180) for _ in range(taken(box, PACE, NOW + second * SECOND))]
    assert len(begun) == 36
    for moment in begun:
        assert sum(moment <= other < moment + MINUTE for other in begun) <= 12


PACE = Limits(calls_per_minute=12)


@pytest.mark.parametrize(("a_minute", "a_second"), [(1, 1), (12, 1), (60, 2), (90, 3), (6_000, 200)])
def test_a_minute_s_calls_never_begin_in_one_burst(box: MadeUp, a_minute: int, a_second: int) -> None:
    box.db.execute("PRAGMA synchronous = OFF")
    for number in FICTIONAL_NUMBERS[:250]:
        queue(box, number)
    assert taken(box, Limits(calls_per_minute=a_minute)) == a_second
    assert limits.hindrance(box.db, Limits(calls_per_minute=a_minute), NOW) is Hindrance.TOO_SOON


def test_a_clock_set_back_stops_the_calls_for_a_minute_and_no_longer(box: MadeUp) -> None:
    for number in FICTIONAL_NUMBERS[:9]:
        queue(box, number, NOW - 2 * timedelta(hours=1))
    slow = Limits(calls_per_minute=3, trunk_calls=100)
    assert [taken(box, slow, NOW + second * SECOND) for second in range(4)] == [1, 1, 1, 0]
    assert taken(box, slow, NOW - timedelta(hours=1)) == 1
    assert taken(box, slow, NOW - 30 * SECOND) == 0


def test_two_interviews_of_one_number_are_rung_one_after_the_other(box: MadeUp) -> None:
    first, second, another = queue(box), queue(box), queue(box, OTHER)
    lease = take(box)
    assert lease is not None
    assert lease.interview_id == first
    beside = take(box)
    assert beside is not None
    assert beside.interview_id == another, "nobody else is held up"
    assert take(box) is None
    end(box, lease, NOW + MINUTE)
    assert take(box, at=NOW + 10 * MINUTE) is None, "the citizen has just put the receiver down"
    later = take(box, at=NOW + 12 * MINUTE)
    assert later is not None
    assert later.interview_id == second


def test_a_call_that_did_not_ring_leaves_no_rest(box: MadeUp) -> None:
    queue(box)
    queue(box)
    lease = take(box)
    assert lease is not None
    end(box, lease, NOW, rang=False)
    assert take(box) is not None


def test_a_clock_set_back_lets_a_number_rest_no_longer(box: MadeUp) -> None:
    queue(box)
    lease = take(box)
    assert lease is not None
    end(box, lease, NOW + timedelta(days=1))
    queue(box)
    assert take(box) is not None


def test_the_same_interview_s_own_next_try_does_not_wait_for_the_rest(box: MadeUp) -> None:
    interview_id = queue(box)
    lease = take(box)
    assert lease is not None
    interviews.has_rung(box.db, lease, NOW)
    interviews.end_attempt(box.db, lease.attempt_id, Outcome.BUSY, 486, NOW)
    interviews.requeue(box.db, interview_id, NOW)
    assert take(box) is not None


def test_staff_s_own_call_keeps_the_trunk_s_limit_and_the_one_call_a_number(box: MadeUp) -> None:
    busy = queue(box)
    assert take(box, only=busy) is not None
    same, other = queue(box), queue(box, OTHER)
    full, wide = Limits(trunk_calls=1), Limits(calls_per_minute=1)
    assert take(box, wide, only=same) is None
    assert limits.hindrance_of(box.db, wide, same, NOW) is Hindrance.NUMBER_IN_CALL
    assert take(box, full, only=other) is None
    assert limits.hindrance_of(box.db, full, other, NOW) is Hindrance.TRUNK_FULL
    assert limits.hindrance_of(box.db, wide, other, NOW) is None
    assert take(box, wide, only=other) is not None, "but no pace"


def fill(box: MadeUp, over: int, queued: int) -> None:
    """Ten years of calls: so many interviews over, each with two attempts, and so many due."""
    contact_id, numbers = box.contact(), count()
    box.db.conn.execute("BEGIN")
    begun = [to_text(NOW - timedelta(days=1) - n * MINUTE) for n in range(over)]
    box.db.conn.executemany(
        """INSERT INTO interviews (contact_id, language, number_hash, state, due_at, latest_at, ended_at)
           VALUES (?, 'sv', ?, 'over', ?, ?, ?)""",
        [(contact_id, next(numbers).to_bytes(32), at, at, at) for at in begun],
    )
    box.db.conn.executemany(
        "INSERT INTO attempts (interview_id, line, begun_at, rang_at, ended_at) SELECT id, 'x', due_at, due_at, due_at"
        " FROM interviews WHERE ? >= 0",
        [(0,), (1,)],
    )
    due, latest = to_text(NOW - MINUTE), to_text(NOW + timedelta(days=1))
    box.db.conn.executemany(
        """INSERT INTO interviews (contact_id, language, number_hash, number_sealed, state, due_at, latest_at)
           VALUES (?, 'sv', ?, x'00', 'queued', ?, ?)""",
        [(contact_id, next(numbers).to_bytes(32), due, latest) for _ in range(queued)],
    )
    box.db.conn.execute("COMMIT")


def test_with_a_hundred_thousand_interviews_a_lease_takes_milliseconds(box: MadeUp) -> None:
    fill(box, over=95_000, queued=5_000)
    begun = time.perf_counter()
    for number in range(50):
        assert take(box, at=NOW + number * SECOND) is not None
    assert (time.perf_counter() - begun) / 50 < 0.05
    begun = time.perf_counter()
    for number in range(50):
        assert take(box, Limits(trunk_calls=50), at=NOW + number * SECOND) is None
    assert (time.perf_counter() - begun) / 50 < 0.05


def test_no_statement_of_the_lease_reads_a_whole_table(box: MadeUp) -> None:
    said: list[str] = []
    queue(box)
    processes.begin(box.db, "line-1", os.getpid(), NOW)
    box.db.conn.set_trace_callback(said.append)
    assert take(box) is not None
    interviews.expire(box.db, NOW)
    box.db.conn.set_trace_callback(None)
    read = [text for text in said if text.lstrip().startswith(("SELECT", "UPDATE"))]
    assert len(read) > 6
    small = ("SCAN processes", "SCAN trunk", "SCAN dialing")
    for statement in read:
        for *_, plan in box.db.execute(f"EXPLAIN QUERY PLAN {statement}").fetchall():
            assert not plan.startswith("SCAN") or plan.startswith(small), (statement, plan)
            assert "TEMP B-TREE" not in plan, (statement, plan)


def test_the_next_due_is_found_by_indexes_alone(box: MadeUp) -> None:
    now = to_text(NOW)
    plan = [row[3] for row in box.db.execute(f"EXPLAIN QUERY PLAN {NEXT_DUE}", (0, now, now, now)).fetchall()]
    assert plan[0] == "SEARCH i USING INDEX interviews_next (promised=? AND due_at<?)"
    assert any("USING INDEX interviews_by_number (number_hash=?)" in step for step in plan)
    assert any("USING INDEX attempts_by_interview (interview_id=?)" in step for step in plan)
