import sqlite3
from datetime import timedelta

import pytest
from made_up import NOW, MadeUp

from appliance.store import interviews
from appliance.types import InterviewId, Outcome

SECOND = timedelta(seconds=1)


def sealed(box: MadeUp, interview_id: InterviewId) -> bytes | None:
    row = box.db.execute("SELECT number_sealed FROM interviews WHERE id = ?", (interview_id,)).fetchone()
    return None if row[0] is None else bytes(row[0])


@pytest.mark.parametrize("outcome", list(Outcome))
def test_when_an_interview_is_over_however_it_ended(box: MadeUp, outcome: Outcome) -> None:
    lease = box.live()
    assert sealed(box, lease.interview_id)
    interviews.close(box.db, lease.interview_id, outcome, NOW)
    assert sealed(box, lease.interview_id) is None
    assert interviews.outcome_of(box.db, lease.interview_id) == ("over", outcome)
    assert interviews.is_over(box.db, lease.interview_id)


def test_when_it_has_become_too_late_to_ring(box: MadeUp) -> None:
    interview_id = box.queued()
    latest_at = NOW + timedelta(hours=48)
    assert interviews.expire(box.db, latest_at) == 0
    assert sealed(box, interview_id)
    assert interviews.expire(box.db, latest_at + SECOND) == 1
    assert sealed(box, interview_id) is None
    assert interviews.outcome_of(box.db, interview_id) == ("expired", None)


def test_one_that_has_rung_expires_as_not_answered(box: MadeUp) -> None:
    lease = box.live()
    interviews.end_attempt(box.db, lease.attempt_id, Outcome.BUSY, 486, NOW)
    interviews.requeue(box.db, lease.interview_id, NOW)
    assert interviews.expire(box.db, NOW + timedelta(days=3)) == 1
    assert interviews.outcome_of(box.db, lease.interview_id) == ("expired", Outcome.NO_ANSWER)


def test_a_live_call_does_not_expire(box: MadeUp) -> None:
    lease = box.live()
    assert interviews.expire(box.db, NOW + timedelta(days=30)) == 0
    assert sealed(box, lease.interview_id)


@pytest.mark.parametrize("state", ["over", "expired"])
def test_the_database_itself_refuses_to_keep_it(box: MadeUp, state: str) -> None:
    interview_id = box.queued()
    with pytest.raises(sqlite3.IntegrityError):
        box.db.execute("UPDATE interviews SET state = ? WHERE id = ?", (state, interview_id))
