"""A PBX that refuses every number with 404 must not make bad numbers of them all."""

from datetime import datetime, timedelta

from due_calls import OPEN, Enqueue, NewDialer
from made_up import MadeUp

from appliance.dialer.dialer import Dialer
from appliance.dialer.trunk_watch import REFUSALS_IN_A_ROW
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.store import interviews, trunk
from appliance.types import E164, InterviewId, Outcome

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


def refuse(line: Dialer, now: datetime) -> InterviewId:
    lease = line.next_call(now)
    assert lease is not None
    line.ended(lease, Outcome.BAD_NUMBER, 404, now)
    return lease.interview_id


def get_through(line: Dialer, now: datetime) -> None:
    lease = line.next_call(now)
    assert lease is not None
    line.rang(lease, now)
    line.ended(lease, Outcome.COMPLETED, 200, now)


def test_it_is_believed_the_second_time_when_a_call_got_through_in_between(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue
) -> None:
    bad, line = enqueue(FICTIONAL_NUMBERS[0]), dialer()
    assert refuse(line, OPEN) == bad
    assert interviews.outcome_of(box.db, bad) == ("queued", None)
    enqueue(FICTIONAL_NUMBERS[1])
    get_through(line, OPEN)
    assert refuse(line, OPEN + HOUR) == bad
    assert interviews.outcome_of(box.db, bad) == ("over", Outcome.BAD_NUMBER)
    assert interviews.rings_of(box.db, bad) == 0


def test_a_call_to_another_kind_of_number_proves_nothing(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    """A PBX that lets no mobile number out makes bad numbers of none of them."""
    mobile, line = enqueue(FICTIONAL_NUMBERS[0]), dialer()
    for hour, leads in enumerate(["+4631", "+4670"]):
        lease = line.next_call(OPEN + hour * HOUR)
        assert lease is not None
        assert lease.interview_id == mobile
        line.dials(lease, FICTIONAL_NUMBERS[0])
        line.ended(lease, Outcome.BAD_NUMBER, 404, OPEN + hour * HOUR)
        assert interviews.outcome_of(box.db, mobile) == ("queued", None)
        enqueue(FICTIONAL_NUMBERS[1 + hour], OPEN + hour * HOUR)
        through = line.next_call(OPEN + hour * HOUR + MINUTE)
        assert through is not None
        line.dials(through, E164(f"{leads}390601"))
        line.rang(through, OPEN + hour * HOUR + MINUTE)
        line.ended(through, Outcome.COMPLETED, 200, OPEN + hour * HOUR + MINUTE)
    lease = line.next_call(OPEN + 3 * HOUR)
    assert lease is not None
    line.dials(lease, FICTIONAL_NUMBERS[0])
    line.ended(lease, Outcome.BAD_NUMBER, 404, OPEN + 3 * HOUR)
    assert interviews.outcome_of(box.db, mobile) == ("over", Outcome.BAD_NUMBER), "another of its kind got through"


def test_alone_in_the_queue_it_is_not(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    bad, line = enqueue(FICTIONAL_NUMBERS[0]), dialer()
    for hour in range(4):
        refuse(line, OPEN + hour * HOUR)
    assert interviews.outcome_of(box.db, bad) == ("queued", None)
    assert trunk.fault(box.db) is None, "one number is no pattern"


def test_different_numbers_in_a_row_are_the_trunk_s_fault(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    line = dialer(calls_per_minute=6_000)
    for number in FICTIONAL_NUMBERS[: REFUSALS_IN_A_ROW + 3]:
        enqueue(number)
    for _ in range(REFUSALS_IN_A_ROW):
        assert trunk.fault(box.db) is None
        refuse(line, OPEN)
    fault = trunk.fault(box.db)
    assert fault is not None
    assert fault.sip_status == 404
    assert line.next_call(OPEN) is None


def test_a_call_that_rings_begins_the_row_anew(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    line = dialer(calls_per_minute=6_000)
    for number in FICTIONAL_NUMBERS[: 2 * REFUSALS_IN_A_ROW]:
        enqueue(number)
    for _ in range(REFUSALS_IN_A_ROW - 1):
        refuse(line, OPEN)
    get_through(line, OPEN)
    for _ in range(REFUSALS_IN_A_ROW - 1):
        refuse(line, OPEN)
    assert trunk.fault(box.db) is None


def test_a_day_of_refusals_loses_nobody(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    line, now = dialer(), OPEN
    ids = [enqueue(number) for number in FICTIONAL_NUMBERS[:12]]
    for _ in range(90):
        if lease := line.next_call(now):
            line.ended(lease, Outcome.BAD_NUMBER, 404, now)
        now += 5 * MINUTE
    assert interviews.count_by_state(box.db) == {"queued": 12}
    while interviews.count_by_state(box.db) != {"over": 12}:
        if lease := line.next_call(now):
            line.rang(lease, now)
            line.ended(lease, Outcome.COMPLETED, 200, now)
        now += MINUTE
        assert now < OPEN + timedelta(hours=48)
    assert {interviews.outcome_of(box.db, interview_id)[1] for interview_id in ids} == {Outcome.COMPLETED}


def test_what_we_ourselves_refuse_to_ring_is_over_at_once(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id, line = enqueue(), dialer()
    lease = line.next_call(OPEN)
    assert lease is not None
    line.ended(lease, Outcome.BAD_NUMBER, None, OPEN)
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.BAD_NUMBER)


def test_staff_s_own_call_is_over_at_once(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    refuse(dialer("dial-1", only=interview_id), OPEN)
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.BAD_NUMBER)
