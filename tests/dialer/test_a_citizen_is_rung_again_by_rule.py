from datetime import datetime, timedelta

import pytest
from calendar_by_hand import STOCKHOLM, local
from due_calls import OPEN, Enqueue, NewDialer
from hypothesis import given
from hypothesis import strategies as st
from made_up import MadeUp

from appliance.calling_time import is_open
from appliance.dialer.dialer import Dialer
from appliance.dialer.retry import next_try, retry_delay
from appliance.settings import DialerSettings
from appliance.store import interviews
from appliance.types import InterviewId, Outcome

MINUTE = timedelta(minutes=1)
RETRIED = {
    Outcome.BUSY: timedelta(minutes=10),
    Outcome.NO_ANSWER: timedelta(hours=3),
    Outcome.VOICEMAIL: timedelta(hours=4),
    Outcome.TRUNK_FAULT: timedelta(minutes=2),
}


def attempt(box: MadeUp, dialer: Dialer, outcome: Outcome, now: datetime, *, rings: bool = True) -> InterviewId:
    """Lease what is due, ring it, and let the call end so."""
    lease = dialer.next_call(now)
    assert lease is not None
    if rings:
        interviews.has_rung(box.db, lease, now)
    dialer.ended(lease, outcome, None, now)
    return lease.interview_id


def due_at(box: MadeUp) -> datetime:
    return datetime.fromisoformat(box.db.execute("SELECT due_at FROM interviews").fetchone()[0])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_each_outcome_has_its_rule(outcome: Outcome) -> None:
    assert retry_delay(outcome, 1, 1, DialerSettings()) == RETRIED.get(outcome)


@pytest.mark.parametrize(
    ("outcome", "key"),
    [
        (Outcome.BUSY, "busy_again_minutes"),
        (Outcome.NO_ANSWER, "no_answer_again_minutes"),
        (Outcome.VOICEMAIL, "voicemail_again_minutes"),
    ],
)
def test_the_settings_say_when(box: MadeUp, dialer: NewDialer, enqueue: Enqueue, outcome: Outcome, key: str) -> None:
    enqueue()
    attempt(box, dialer(**{key: 35}), outcome, OPEN)
    assert OPEN + 35 * MINUTE <= due_at(box) <= OPEN + 36 * MINUTE


@pytest.mark.parametrize("outcome", list(Outcome))
@pytest.mark.parametrize("rings", [3, 4])
def test_after_the_last_ring_there_is_none_whatever_the_outcome(outcome: Outcome, rings: int) -> None:
    assert retry_delay(outcome, rings, 1, DialerSettings(max_attempts=3)) is None


@pytest.mark.parametrize(("outcome", "delay"), RETRIED.items())
def test_the_next_try_comes_after_its_delay_and_a_little_luck(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue, outcome: Outcome, delay: timedelta
) -> None:
    enqueue()
    attempt(box, dialer(), outcome, OPEN)
    assert OPEN + delay <= due_at(box) <= OPEN + delay + timedelta(seconds=31)


@pytest.mark.parametrize("outcome", [outcome for outcome in Outcome if outcome not in RETRIED])
def test_any_other_outcome_is_the_end(box: MadeUp, dialer: NewDialer, enqueue: Enqueue, outcome: Outcome) -> None:
    interview_id = enqueue()
    attempt(box, dialer(), outcome, OPEN)
    assert interviews.outcome_of(box.db, interview_id) == ("over", outcome)


def test_after_three_rings_the_citizen_is_left_alone(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    for _ in range(3):
        attempt(box, dialer(), Outcome.BUSY, max(OPEN, due_at(box)))
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.BUSY)
    assert interviews.rings_of(box.db, interview_id) == 3
    assert dialer().next_call(OPEN + timedelta(hours=6)) is None


def test_a_trunk_fault_before_any_ring_uses_no_try_up(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    for _ in range(10):
        attempt(box, dialer(), Outcome.TRUNK_FAULT, due_at(box), rings=False)
    assert interviews.rings_of(box.db, interview_id) == 0
    assert interviews.outcome_of(box.db, interview_id)[0] == "queued"


def test_a_trunk_fault_while_it_rang_does(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    for _ in range(3):
        attempt(box, dialer(), Outcome.TRUNK_FAULT, due_at(box))
    assert interviews.outcome_of(box.db, interview_id) == ("over", Outcome.TRUNK_FAULT)


def test_a_try_that_would_fall_into_the_evening_waits_for_the_morning(
    box: MadeUp, dialer: NewDialer, enqueue: Enqueue
) -> None:
    enqueue()
    attempt(box, dialer(), Outcome.NO_ANSWER, OPEN + timedelta(hours=7, minutes=59))
    assert due_at(box) == OPEN + timedelta(hours=21), "nine o'clock"
    assert is_open(due_at(box), DialerSettings(), STOCKHOLM)


DELAYS = {"busy_again_minutes": 10_080, "no_answer_again_minutes": 1_440, "voicemail_again_minutes": 1_440}


@pytest.mark.parametrize(
    ("outcome", "hours", "tried", "again"),
    [
        (Outcome.NO_ANSWER, "09:00-20:00", "2026-11-24 09:20", "2026-11-25 14:30"),  # Tuesday to Wednesday
        (Outcome.NO_ANSWER, "09:00-20:00", "2026-11-24 18:10", "2026-11-26 09:00"),
        (Outcome.VOICEMAIL, "09:00-20:00", "2026-11-24 11:00", "2026-11-25 14:30"),
        (Outcome.NO_ANSWER, "09:00-11:00", "2026-11-24 09:10", "2026-11-25 10:00"),
        (Outcome.NO_ANSWER, "10:00-12:00,16:00-18:00", "2026-11-24 10:30", "2026-11-25 17:00"),
        (Outcome.BUSY, "09:00-20:00", "2026-11-24 09:20", "2026-12-01 09:20"),  # who talks is at home at that hour
    ],
)
def test_on_another_day_nobody_is_looked_for_at_the_same_hour(
    outcome: Outcome, hours: str, tried: str, again: str
) -> None:
    week = DialerSettings.model_validate({"hours": {"mon-fri": hours}, **DELAYS})
    tried_at = local(tried)
    delay = retry_delay(outcome, 1, 1, week)
    assert delay is not None
    assert next_try(outcome, tried_at, delay, tried_at + timedelta(days=30), week, STOCKHOLM) == local(again)


def test_the_same_hour_is_better_than_too_late() -> None:
    week = DialerSettings.model_validate({"hours": {"mon-fri": "09:00-20:00"}})
    tried_at = local("2026-11-24 09:20")
    latest_at = tried_at + timedelta(hours=25)
    due = next_try(Outcome.NO_ANSWER, tried_at, timedelta(days=1), latest_at, week, STOCKHOLM)
    assert due == local("2026-11-25 09:20")


@given(
    tried=st.integers(0, 14 * 24 * 60), minutes=st.integers(1, 4_000), outcome=st.sampled_from(list(RETRIED)),
    begin=st.integers(0, 1_300), length=st.integers(30, 140),
)  # fmt: skip
def test_the_next_try_is_always_open_and_never_before_its_delay(
    tried: int, minutes: int, outcome: Outcome, begin: int, length: int
) -> None:
    """Both daylight-saving nights and a holiday with its eve lie among the days."""
    end = min(begin + length, 1_440)
    hours = {"mon-sun": f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"}
    week = DialerSettings.model_validate({"hours": hours})
    for first in (local("2026-10-22 00:00"), local("2027-03-20 00:00")):
        tried_at = first + timedelta(minutes=tried)
        delay = timedelta(minutes=minutes)
        due = next_try(outcome, tried_at, delay, tried_at + timedelta(days=9), week, STOCKHOLM)
        assert due >= tried_at + delay
        assert is_open(due, week, STOCKHOLM)


def test_what_has_become_too_late_is_not_rung_but_forgotten(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    assert dialer().next_call(OPEN + timedelta(hours=48, minutes=1)) is None
    assert interviews.outcome_of(box.db, interview_id) == ("expired", None)


def test_it_is_forgotten_at_night_as_well(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    assert dialer().next_call(OPEN + timedelta(hours=60)) is None
    assert interviews.is_over(box.db, interview_id)


def test_a_line_taken_for_dead_changes_nothing_when_it_wakes(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    interview_id = enqueue()
    frozen, other = dialer("line-1"), dialer("line-2")
    stale = frozen.next_call(OPEN)
    assert stale is not None
    assert other.abandoned(OPEN + MINUTE) == []
    (left,) = other.abandoned(OPEN + 2 * MINUTE)
    other.ended(left, Outcome.TRUNK_FAULT, None, OPEN + 2 * MINUTE)
    fresh = other.next_call(OPEN + 5 * MINUTE)
    assert fresh is not None
    frozen.ended(stale, Outcome.COMPLETED, 200, OPEN + 5 * MINUTE)
    assert interviews.outcome_of(box.db, interview_id) == ("live", None)
    other.ended(left, Outcome.NO_ANSWER, None, OPEN + 5 * MINUTE)
    assert interviews.outcome_of(box.db, interview_id) == ("live", None)


def test_a_line_that_keeps_its_leases_is_not_taken_for_dead(box: MadeUp, dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue()
    line = dialer("line-1")
    lease = line.next_call(OPEN)
    assert lease
    for minute in range(10):
        line.keep_leases([lease.interview_id], OPEN + minute * MINUTE)
        assert dialer("line-2").abandoned(OPEN + minute * MINUTE + MINUTE) == []
