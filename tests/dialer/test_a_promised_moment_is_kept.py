from datetime import datetime, timedelta

import pytest
from calendar_by_hand import local
from due_calls import OPEN, Enqueue, NewDialer
from made_up import MadeUp

from appliance.dialer.dialer import Dialer
from appliance.store import interviews, promises
from appliance.types import E164, InterviewId, LaterTime, Outcome

SECOND = timedelta(seconds=1)
MORNING = local("2026-11-25 09:00")
"""Of the day after `OPEN`."""


def asked_later(box: MadeUp, line: Dialer, now: datetime, when: LaterTime | None) -> InterviewId:
    """The citizen is rung, presses 2, chooses and hangs up."""
    lease = line.next_call(now)
    assert lease is not None
    interviews.has_rung(box.db, lease, now)
    line.promise(lease, when)
    line.ended(lease, Outcome.NO_START, 200, now + timedelta(seconds=40))
    return lease.interview_id


def test_it_is_rung_then_and_not_before(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line = dialer()
    interview_id = asked_later(box, line, OPEN, LaterTime.TOMORROW_MORNING)
    assert interviews.outcome_of(box.db, interview_id) == ("queued", None)
    assert line.next_call(MORNING - SECOND) is None
    assert line.next_call(MORNING) is not None


def test_who_names_no_time_is_rung_two_hours_later(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line = dialer()
    asked_later(box, line, OPEN, None)
    assert line.next_call(OPEN + timedelta(hours=2) - SECOND) is None
    assert line.next_call(OPEN + timedelta(hours=2)) is not None


def test_the_last_word_counts(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line = dialer()
    lease = line.next_call(OPEN)
    assert lease is not None
    line.promise(lease, None)
    line.promise(lease, LaterTime.TOMORROW_MORNING)
    line.ended(lease, Outcome.NO_START, 200, OPEN + SECOND)
    assert line.next_call(OPEN + timedelta(hours=3)) is None


def test_it_is_kept_though_the_tries_are_used_up(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line = dialer(max_attempts=1)
    interview_id = asked_later(box, line, OPEN, LaterTime.TOMORROW_MORNING)
    lease = line.next_call(MORNING)
    assert lease is not None
    interviews.has_rung(box.db, lease, MORNING)
    line.ended(lease, Outcome.NO_ANSWER, 480, MORNING + SECOND)
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.NO_ANSWER), "then the rules hold again"


def test_it_is_kept_though_the_contact_is_too_old_by_then(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line, now = dialer(), OPEN + timedelta(hours=47)
    asked_later(box, line, now, LaterTime.TOMORROW_MORNING)
    assert line.next_call(local("2026-11-27 09:14")) is not None


def test_a_box_that_was_away_for_half_a_day_rings_no_more(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line, now = dialer(), OPEN + timedelta(hours=47)
    interview_id = asked_later(box, line, now, LaterTime.TOMORROW_MORNING)
    assert line.next_call(local("2026-11-27 13:01")) is None
    assert interviews.outcome_of(box.db, interview_id) == ("expired", Outcome.NO_ANSWER)


def test_it_outlives_the_line_that_was_told(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    dying, other = dialer("line-1"), dialer("line-2")
    lease = dying.next_call(OPEN)
    assert lease is not None
    dying.promise(lease, LaterTime.TOMORROW_MORNING)
    (left,) = other.abandoned(OPEN + timedelta(minutes=2))
    other.ended(left, Outcome.NO_START, None, OPEN + timedelta(minutes=2))
    assert other.next_call(MORNING - SECOND) is None
    assert other.next_call(MORNING) is not None


@pytest.mark.parametrize("jump", [timedelta(hours=-1), timedelta(days=2)])
def test_a_clock_that_jumps_in_mid_call_neither_makes_nor_breaks_a_promise(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue, jump: timedelta
) -> None:
    done, put_off = enqueue(), enqueue(E164("+46701740606"), OPEN + SECOND)
    line = dialer()
    first, second = line.next_call(OPEN + SECOND), line.next_call(OPEN + SECOND)
    assert first is not None
    assert second is not None
    line.promise(second, LaterTime.TOMORROW_MORNING)
    line.ended(first, Outcome.COMPLETED, 200, OPEN + jump)
    line.ended(second, Outcome.NO_START, 200, OPEN + jump)
    assert interviews.outcome_of(box.db, done)[0] == "over"
    assert interviews.outcome_of(box.db, put_off)[0] == "queued"


def test_what_is_offered_is_what_the_hours_allow_when_the_call_is_begun(dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue(due_at=local("2026-11-28 15:30"))  # a Saturday, open until four; Sundays are closed
    line = dialer()
    lease = line.next_call(local("2026-11-28 15:30"))
    assert lease is not None
    assert line.later_choices(lease) == (LaterTime.NEXT_WORKING_DAY,)


def test_only_who_asked_for_it_has_been_put_off(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue(), enqueue(due_at=OPEN + SECOND)
    line = dialer()
    machine = line.next_call(OPEN)
    assert machine is not None
    interviews.has_answered(box.db, machine, OPEN)
    line.ended(machine, Outcome.VOICEMAIL, 200, OPEN + SECOND)
    human = asked_later(box, line, OPEN + SECOND, LaterTime.IN_AN_HOUR)
    assert list(promises.to_keep(box.db)) == [human]
