import sqlite3
from datetime import timedelta

import pytest
from made_up import NOW, SECOND_OF_SILENCE, MadeUp

from appliance.custody.recordings import encrypt_recording
from appliance.store import comments
from appliance.types import CommentState

MINUTE = timedelta(minutes=1)


def test_two_workers_never_have_the_same_one(box: MadeUp) -> None:
    recorded = {box.recorded() for _ in range(3)}
    leases = [comments.lease_next(box.db, f"worker-{n}", NOW, NOW + MINUTE, max_tries=3) for n in range(4)]
    assert {lease.comment_id for lease in leases if lease} == recorded
    assert leases[3] is None


def test_each_lease_is_a_try_and_after_the_last_it_is_parked(box: MadeUp) -> None:
    box.recorded()
    tries = []
    for minute in range(0, 8, 2):
        now = NOW + minute * MINUTE
        lease = comments.lease_next(box.db, "worker", now, now + MINUTE, max_tries=3)
        tries.append(lease and lease.tries)
    assert tries == [1, 2, 3, None]
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}


def test_one_given_back_is_taken_again_at_once_and_keeps_its_tries(box: MadeUp) -> None:
    box.recorded()
    comments.lease_next(box.db, "worker", NOW, NOW + MINUTE, max_tries=3)
    comments.give_back(box.db, "another")
    assert comments.lease_next(box.db, "another", NOW, NOW + MINUTE, max_tries=3) is None
    comments.give_back(box.db, "worker")
    lease = comments.lease_next(box.db, "another", NOW, NOW + MINUTE, max_tries=3)
    assert lease is not None
    assert lease.tries == 2


def test_what_is_done_or_lost_is_never_leased(box: MadeUp) -> None:
    box.comment()
    comments.add_lost(box.db, box.ended(), NOW)
    assert comments.lease_next(box.db, "worker", NOW + 9 * MINUTE, NOW + 10 * MINUTE, max_tries=3) is None
    assert comments.oldest_waiting(box.db) is None


def test_an_interview_has_one_comment(box: MadeUp) -> None:
    interview_id = box.ended()
    recordings = [encrypt_recording(box.keys, box.directory, SECOND_OF_SILENCE) for _ in range(2)]
    comments.add(box.db, interview_id, recordings[0], NOW)
    with pytest.raises(sqlite3.IntegrityError):
        comments.add(box.db, interview_id, recordings[1], NOW)
    comments.add_lost(box.db, interview_id, NOW)
    assert comments.count_by_state(box.db) == {CommentState.RECORDED: 1}
    assert comments.files(box.db) == {recordings[0].file}
