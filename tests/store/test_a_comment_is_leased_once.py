import sqlite3
from datetime import datetime, timedelta

import pytest
from made_up import NOW, SECOND_OF_SILENCE, MadeUp

from appliance.custody.recordings import encrypt_recording
from appliance.store import comment_queue, comments
from appliance.store.comment_queue import DIED, TERMS, CommentLease
from appliance.types import CommentState

MINUTE = timedelta(minutes=1)


def lease(box: MadeUp, worker: str = "worker", now: datetime = NOW, seconds: float = 1.0) -> list[CommentLease]:
    return comment_queue.lease_some(box.db, worker, now, seconds)


def test_two_workers_never_have_the_same_one(box: MadeUp) -> None:
    recorded = {box.recorded() for _ in range(3)}
    leases = [lease(box, f"worker-{n}") for n in range(4)]
    assert {each.comment_id for group in leases for each in group} == recorded
    assert leases[3] == []


def test_one_that_kills_its_worker_is_parked_after_the_last_try(box: MadeUp) -> None:
    box.recorded()
    tries = []
    for hour in range(4):
        tries += [each.tries for each in lease(box, f"worker-{hour}", NOW + timedelta(hours=hour))]
    assert tries == [1, 2, 3]
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}
    assert comment_queue.queue(box.db).faults == {DIED: 1}


def test_one_that_fails_waits_for_its_next_try_and_is_parked_after_the_last(box: MadeUp) -> None:
    box.recorded()
    now = NOW
    for tries in (1, 2, 3):
        (leased,) = lease(box, now=now)
        assert leased.tries == tries
        comment_queue.fail(box.db, "worker", [leased], "why", now)
        assert lease(box, now=now) == []
        now += TERMS.pause(tries)
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}
    assert comment_queue.queue(box.db).faults == {"why": 1}
    assert lease(box, now=now + MINUTE) == []


def test_a_pause_does_not_outlive_a_clock_that_is_set_back(box: MadeUp) -> None:
    box.recorded()
    comment_queue.fail(box.db, "worker", lease(box), "why", NOW)
    assert lease(box, now=NOW - timedelta(days=365)) != []


def test_one_given_back_is_taken_again_at_once_and_was_not_tried(box: MadeUp) -> None:
    box.recorded()
    lease(box)
    assert comment_queue.give_back(box.db, "another") == 0
    assert lease(box, "another") == []
    assert comment_queue.give_back(box.db, "worker") == 1
    assert [each.tries for each in lease(box, "another")] == [1]


def test_the_only_analyst_that_lives_takes_everything_over_at_once(box: MadeUp) -> None:
    box.recorded()
    lease(box)
    assert comment_queue.take_over(box.db) == 1
    assert [each.tries for each in lease(box, "another")] == [2]


def test_what_is_done_or_lost_is_never_leased(box: MadeUp) -> None:
    box.comment()
    comments.add_lost(box.db, box.ended(), NOW)
    assert lease(box, now=NOW + 9 * MINUTE) == []
    assert comment_queue.queue(box.db).oldest_at is None


def test_who_has_lost_the_lease_cannot_finish_it(box: MadeUp) -> None:
    comment_id = box.recorded()
    done = box.comment()
    lease(box)
    made = comments.of_interview(box.db, box.interview_of(done))
    assert made
    assert made.transcript
    for worker, kept in (("another", False), ("worker", True), ("worker", False)):
        finished = comments.finish(box.db, comment_id, CommentState.DONE, made.transcript, (), NOW, worker)
        assert finished is kept
    assert box.texts_of(comment_id) == 1


def test_an_interview_has_one_comment(box: MadeUp) -> None:
    interview_id = box.ended()
    recordings = [encrypt_recording(box.keys, box.directory, SECOND_OF_SILENCE) for _ in range(2)]
    comments.add(box.db, interview_id, recordings[0], NOW)
    with pytest.raises(sqlite3.IntegrityError):
        comments.add(box.db, interview_id, recordings[1], NOW)
    comments.add_lost(box.db, interview_id, NOW)
    assert comments.count_by_state(box.db) == {CommentState.RECORDED: 1}
    assert comments.files(box.db) == {recordings[0].file}
