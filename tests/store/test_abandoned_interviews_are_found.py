from datetime import timedelta

from made_up import NOW, QUESTIONNAIRE, MadeUp

from appliance.store import interviews, left_behind
from appliance.store.interviews import Lease
from appliance.types import InterviewId, Outcome

SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


def leased(box: MadeUp, line: str) -> Lease:
    lease = interviews.lease_due(box.db, line, NOW, NOW + MINUTE, only=box.queued())
    assert lease is not None
    return lease


def found(box: MadeUp, line: str, after: timedelta) -> list[InterviewId]:
    return [left.interview_id for left in left_behind.abandoned(box.db, NOW + after, line)]


def test_a_line_that_starts_finds_what_it_left_behind_at_once(box: MadeUp) -> None:
    mine, theirs = leased(box, "line-1"), leased(box, "line-2")
    assert found(box, "line-1", SECOND) == [mine.interview_id]
    assert found(box, "line-2", SECOND) == [theirs.interview_id]


def test_another_line_s_is_found_when_its_lease_has_run_out(box: MadeUp) -> None:
    lease = leased(box, "line-2")
    assert found(box, "line-1", MINUTE) == []
    assert found(box, "line-1", MINUTE + SECOND) == [lease.interview_id]


def test_a_renewed_lease_has_not_run_out(box: MadeUp) -> None:
    live = [leased(box, "line-2").interview_id]
    interviews.renew_leases(box.db, "line-1", live, NOW + 9 * MINUTE)
    interviews.renew_leases(box.db, "line-2", [], NOW + 9 * MINUTE)
    assert found(box, "line-3", 2 * MINUTE) == live
    interviews.renew_leases(box.db, "line-2", live, NOW + 9 * MINUTE)
    assert found(box, "line-3", 2 * MINUTE) == []


def test_what_is_queued_or_over_is_nobody_s_to_find(box: MadeUp) -> None:
    requeued, closed = leased(box, "line-1"), leased(box, "line-1")
    box.queued()
    for lease in (requeued, closed):
        interviews.end_attempt(box.db, lease.attempt_id, Outcome.BUSY, 486, NOW)
    interviews.requeue(box.db, requeued.interview_id, NOW)
    interviews.close(box.db, closed.interview_id, Outcome.BUSY, NOW)
    assert found(box, "line-1", timedelta(days=1)) == []


def test_how_far_the_call_had_come_is_told(box: MadeUp) -> None:
    lease = leased(box, "line-1")
    interviews.has_rung(box.db, lease, NOW + SECOND)
    interviews.has_answered(box.db, lease, NOW + 2 * SECOND)
    interviews.set_questionnaire(box.db, lease.interview_id, (QUESTIONNAIRE.id, QUESTIONNAIRE.version))
    interviews.has_started(box.db, lease.interview_id, NOW + 3 * SECOND)
    (left,) = left_behind.abandoned(box.db, NOW, "line-1")
    assert left.attempt_id == lease.attempt_id
    assert left.questionnaire == (QUESTIONNAIRE.id, QUESTIONNAIRE.version)
    assert (left.rang_at, left.answered_at, left.started_at, left.rings) == (
        NOW + SECOND,
        NOW + 2 * SECOND,
        NOW + 3 * SECOND,
        1,
    )


def test_an_attempt_is_ended_once(box: MadeUp) -> None:
    lease = leased(box, "line-1")
    assert interviews.end_attempt(box.db, lease.attempt_id, Outcome.NO_ANSWER, 480, NOW)
    assert not interviews.end_attempt(box.db, lease.attempt_id, Outcome.BUSY, 486, NOW + SECOND)
    row = box.db.execute("SELECT outcome, sip_status FROM attempts").fetchone()
    assert row == (Outcome.NO_ANSWER, 480)
