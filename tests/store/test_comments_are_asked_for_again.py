import pytest
from made_up import NOW, MadeUp

from appliance.store import comment_queue, comments, heard_again
from appliance.store.heard_again import Asked, Wanted
from appliance.types import CommentId, CommentState


def set_model(box: MadeUp, comment_id: CommentId, model: str) -> None:
    box.db.execute("UPDATE transcripts SET speech_model = ? WHERE comment_id = ?", (model, comment_id))


def again(box: MadeUp) -> list[int]:
    return [row[0] for row in box.db.execute("SELECT id FROM comments WHERE again_at IS NOT NULL ORDER BY id")]


def park(box: MadeUp, comment_id: CommentId) -> None:
    box.db.execute("UPDATE comments SET state = 'parked', tries = 3, fault = 'why' WHERE id = ?", (comment_id,))


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        (Wanted(made_by="old"), (0,)),
        (Wanted(not_made_by="old"), (1, 2)),
        (Wanted(is_given_up=True), (1, 2)),
        (Wanted(made_by="old", is_given_up=True), ()),
        (Wanted(), (0, 1, 2)),
    ],
)
def test_by_the_model_that_made_their_text_or_because_they_are_parked(
    box: MadeUp, wanted: Wanted, expected: tuple[int, ...]
) -> None:
    made = [box.comment(), box.comment(), box.recorded()]
    set_model(box, made[0], "old")
    park(box, made[2])
    box.db["comments"].update(made[1], {"fault": "why"})
    comments.add_lost(box.db, box.ended(), NOW)
    assert heard_again.ask(box.db, wanted, NOW) == Asked(len(expected), 0, 0)
    assert again(box) == [made[at] for at in expected]


def test_what_waits_anyway_and_what_is_erased_is_counted_and_left_alone(box: MadeUp) -> None:
    waits, erased, twice = box.recorded(), box.comment(), box.comment()
    box.db.execute("UPDATE comments SET file = NULL, key_wrapped = NULL WHERE id = ?", (erased,))
    heard_again.ask(box.db, Wanted(ids=(twice,)), NOW)
    assert heard_again.ask(box.db, Wanted(ids=(waits, erased, twice)), NOW) == Asked(0, 2, 1)
    assert again(box) == [twice]


def test_a_parked_one_has_all_its_tries_again(box: MadeUp) -> None:
    comment_id = box.recorded()
    park(box, comment_id)
    heard_again.ask(box.db, Wanted(is_given_up=True), NOW)
    assert comment_queue.queue(box.db).parked == 0
    (lease,) = comment_queue.lease_some(box.db, "worker", NOW, 1.0)
    assert (lease.comment_id, lease.tries, lease.is_again) == (comment_id, 1, True)


def test_a_text_that_was_there_stays_where_nothing_comes_of_it(box: MadeUp) -> None:
    comment_id = box.comment("allt var bra")
    heard_again.ask(box.db, Wanted(ids=(comment_id,)), NOW)
    now = NOW
    for tries in (1, 2, 3):
        comment_queue.fail(box.db, "worker", comment_queue.lease_some(box.db, "worker", now, 1.0), "why", now)
        now += comment_queue.TERMS.pause(tries)
    assert comment_queue.lease_some(box.db, "worker", now, 1.0) == []
    stored = comments.of_interview(box.db, box.interview_of(comment_id))
    assert stored
    assert stored.state is CommentState.DONE
    assert stored.transcript
    assert stored.opinions
    queue = comment_queue.queue(box.db)
    assert (queue.faults, queue.again_faults) == ({}, {"why": 1})
