from datetime import timedelta

import pytest
from due_calls import OPEN, Enqueue, NewDialer
from made_up import MadeUp

from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.store import dialing, interviews, limits, trunk
from appliance.store.dialing import DialingState
from appliance.store.limits import Hindrance, Limits
from appliance.types import Outcome

MINUTE = timedelta(minutes=1)
HELD = [DialingState.PAUSED, DialingState.STOPPED]


@pytest.mark.parametrize("state", HELD)
def test_no_call_is_begun_nothing_is_spent_and_the_queue_waits(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue, state: DialingState
) -> None:
    waiting = [enqueue(number) for number in FICTIONAL_NUMBERS[:3]]
    assert dialing.change(box.db, state, "anna", OPEN)
    line = dialer()
    for minute in range(300):
        assert line.next_call(OPEN + minute * MINUTE) is None
    assert box.db["attempts"].count == 0  # type: ignore[union-attr]
    assert [interviews.outcome_of(box.db, one) for one in waiting] == [("queued", None)] * 3
    assert dialing.change(box.db, DialingState.RUNNING, "bo", OPEN)
    assert line.next_call(OPEN) is not None


def test_who_did_it_and_when_is_on_record(box: MadeUp) -> None:
    assert dialing.current(box.db) == dialing.Dialing(DialingState.RUNNING, None, "")
    dialing.change(box.db, DialingState.PAUSED, "anna", OPEN)
    assert not dialing.change(box.db, DialingState.PAUSED, "bo", OPEN + MINUTE), "it was paused already"
    assert dialing.current(box.db) == dialing.Dialing(DialingState.PAUSED, OPEN, "anna")
    dialing.change(box.db, DialingState.STOPPED, "bo", OPEN + MINUTE)
    assert dialing.current(box.db) == dialing.Dialing(DialingState.STOPPED, OPEN + MINUTE, "bo", OPEN + MINUTE)
    dialing.change(box.db, DialingState.RUNNING, "anna", OPEN + 2 * MINUTE)
    assert dialing.current(box.db).stopped_at == OPEN + MINUTE, "for who has not looked meanwhile"


def test_a_live_call_goes_on_through_a_pause(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id, line = enqueue(), dialer()
    lease = line.next_call(OPEN)
    assert lease is not None
    dialing.change(box.db, DialingState.PAUSED, "anna", OPEN)
    line.rang(lease, OPEN)
    line.ended(lease, Outcome.COMPLETED, 200, OPEN + MINUTE)
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.COMPLETED)


def test_a_promise_waits_for_the_end_of_the_pause(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id, line = enqueue(), dialer()
    lease = line.next_call(OPEN)
    assert lease is not None
    line.rang(lease, OPEN)
    line.promise(lease, line.later_choices(lease)[0])
    line.ended(lease, Outcome.NO_START, 200, OPEN + MINUTE)
    dialing.change(box.db, DialingState.PAUSED, "anna", OPEN)
    assert line.next_call(OPEN + 61 * MINUTE) is None
    dialing.change(box.db, DialingState.RUNNING, "anna", OPEN)
    again = line.next_call(OPEN + 90 * MINUTE)
    assert again is not None
    assert again.interview_id == interview_id


def test_staff_s_own_call_is_made_in_a_pause_and_not_while_stopped(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue
) -> None:
    interview_id = enqueue()
    own = dialer("dial-1", only=interview_id)
    dialing.change(box.db, DialingState.STOPPED, "anna", OPEN)
    assert own.next_call(OPEN) is None
    assert limits.hindrance_of(box.db, Limits(), interview_id, OPEN) is Hindrance.STOPPED
    dialing.change(box.db, DialingState.PAUSED, "anna", OPEN)
    assert own.next_call(OPEN) is not None


def test_what_was_called_off_before_any_ring_costs_nothing(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id, line = enqueue(), dialer()
    lease = line.next_call(OPEN)
    assert lease is not None
    line.called_off(lease, OPEN + MINUTE)
    assert interviews.outcome_of(box.db, interview_id) == ("queued", None)
    assert interviews.rings_of(box.db, interview_id) == 0
    assert trunk.fault(box.db) is None
    again = line.next_call(OPEN + MINUTE)
    assert again is not None
    assert again.interview_id == interview_id, "it is as due as before"


def test_what_was_called_off_is_no_proof_that_a_trunk_works(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    line = dialer()
    for number in FICTIONAL_NUMBERS[:2]:
        enqueue(number)
    first = line.next_call(OPEN)
    assert first is not None
    line.ended(first, Outcome.TRUNK_FAULT, 503, OPEN)
    probe = line.next_call(OPEN + MINUTE)
    assert probe is not None
    line.called_off(probe, OPEN + MINUTE)
    assert trunk.fault(box.db) is not None
    assert line.next_call(OPEN + MINUTE) is not None, "the next one is the probe"


def test_a_pause_that_another_call_has_set_stands(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    line = dialer(calls_per_minute=6_000)
    for number in FICTIONAL_NUMBERS[:3]:
        enqueue(number)
    failed, other = line.next_call(OPEN), line.next_call(OPEN)
    assert failed is not None
    assert other is not None
    line.ended(failed, Outcome.TRUNK_FAULT, 503, OPEN)
    line.called_off(other, OPEN)
    assert line.next_call(OPEN) is None
    assert line.next_call(OPEN + MINUTE) is not None


def test_staff_s_own_call_that_was_called_off_is_over(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    own = dialer("dial-1", only=interview_id)
    lease = own.next_call(OPEN)
    assert lease is not None
    own.called_off(lease, OPEN)
    assert interviews.outcome_of(box.db, interview_id) == ("expired", None)


def test_who_was_promised_a_call_goes_before_a_backlog(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    line = dialer()
    promised = enqueue(FICTIONAL_NUMBERS[0])
    lease = line.next_call(OPEN)
    assert lease is not None
    line.rang(lease, OPEN)
    line.promise(lease, line.later_choices(lease)[0])
    line.ended(lease, Outcome.NO_START, 200, OPEN + MINUTE)
    for number in FICTIONAL_NUMBERS[1:40]:
        enqueue(number)
    other = line.next_call(OPEN + 2 * MINUTE)
    assert other is not None
    assert other.interview_id != promised, "not before its time"
    first = line.next_call(OPEN + 61 * MINUTE)
    assert first is not None
    assert first.interview_id == promised
