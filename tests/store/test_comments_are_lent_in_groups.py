from datetime import datetime, timedelta

import pytest
from made_up import NOW, MadeUp

from appliance.store import comment_queue, heard_again
from appliance.store.heard_again import Wanted
from appliance.store.upkeep import optimise
from appliance.types import Language

MINUTE = timedelta(minutes=1)


def taken(box: MadeUp, seconds: float, now: datetime = NOW) -> list[int]:
    return [lease.comment_id for lease in comment_queue.lease_some(box.db, "worker", now, seconds)]


@pytest.mark.parametrize(("seconds", "expected"), [(0, 1), (2.9, 1), (3.0, 2), (6.0, 3), (99, 4)])
def test_as_many_as_their_sound_allows_the_oldest_first_but_always_one(
    box: MadeUp, seconds: float, expected: int
) -> None:
    recorded = [box.recorded(NOW + n * MINUTE, seconds=length) for n, length in enumerate((2, 1, 3, 1))]
    assert taken(box, seconds) == recorded[:expected]


def test_a_lease_is_as_long_as_its_sound_asks_for(box: MadeUp) -> None:
    box.recorded(seconds=120)
    assert taken(box, 1, NOW) != []
    assert taken(box, 1, NOW + 20 * MINUTE) == []
    assert taken(box, 1, NOW + 23 * MINUTE) != []


def test_one_that_was_tried_goes_alone_and_last(box: MadeUp) -> None:
    poison, other = box.recorded(NOW), box.recorded(NOW)
    assert taken(box, 9) == [poison, other]
    comment_queue.take_over(box.db)
    fresh = [box.recorded(NOW + MINUTE) for _ in range(2)]
    assert taken(box, 9) == fresh
    assert taken(box, 9) == [poison]
    assert taken(box, 9) == [other]


def test_new_comments_come_before_those_to_be_heard_again_and_not_with_them(box: MadeUp) -> None:
    old = [box.comment(at=NOW) for _ in range(2)]
    assert heard_again.ask(box.db, Wanted(ids=tuple(old)), NOW).asked == 2
    new = box.recorded(NOW + MINUTE)
    assert taken(box, 99) == [new]
    assert taken(box, 99) == old
    assert taken(box, 99) == []


def test_comments_of_another_language_are_another_group(box: MadeUp) -> None:
    recorded = [box.recorded() for _ in range(3)]
    box.db.execute("UPDATE interviews SET language = 'en' WHERE id = ?", (box.interview_of(recorded[1]),))
    assert [taken(box, 99) for _ in range(3)] == [[each] for each in recorded]


def test_a_language_that_the_model_does_not_speak_waits_untried(box: MadeUp) -> None:
    english, swedish = box.recorded(), box.recorded()
    box.db.execute("UPDATE interviews SET language = 'en' WHERE id = ?", (box.interview_of(english),))
    leases = comment_queue.lease_some(box.db, "worker", NOW, 99, languages=("sv",))
    assert [lease.comment_id for lease in leases] == [swedish]
    assert comment_queue.lease_some(box.db, "worker", NOW, 99, languages=("sv",)) == []
    assert comment_queue.languages(box.db) == {Language.SWEDISH, Language.ENGLISH}
    assert box.db.execute("SELECT tries, fault FROM comments WHERE id = ?", (english,)).fetchone() == (0, None)


def test_one_whose_recording_is_erased_waits_no_more(box: MadeUp) -> None:
    comment_id = box.recorded()
    done = box.comment()
    heard_again.ask(box.db, Wanted(ids=(done,)), NOW)
    box.db.execute("UPDATE comments SET file = NULL, key_wrapped = NULL WHERE id IN (?, ?)", (comment_id, done))
    assert taken(box, 99) == []
    queue = comment_queue.queue(box.db)
    assert (queue.waiting, queue.again, queue.parked) == (0, 0, 0)
    assert (queue.faults, queue.again_faults) == ({}, {}), "asking once more would not help"


def test_one_that_was_parked_and_then_erased_is_nobody_s_task(box: MadeUp) -> None:
    comment_id = box.recorded()
    box.db.execute("UPDATE comments SET state = 'parked', fault = 'why' WHERE id = ?", (comment_id,))
    assert (comment_queue.queue(box.db).parked, comment_queue.queue(box.db).faults) == (1, {"why": 1})
    box.db.execute("UPDATE comments SET file = NULL, key_wrapped = NULL WHERE id = ?", (comment_id,))
    assert (comment_queue.queue(box.db).parked, comment_queue.queue(box.db).faults) == (0, {})


@pytest.mark.parametrize("is_known", [False, True], ids=["as installed", "after the nightly care"])
def test_the_next_ones_are_found_by_an_index_in_their_order(box: MadeUp, is_known: bool) -> None:
    for number in range(40):
        box.recorded(NOW + number * MINUTE)
    again = tuple(box.comment() for _ in range(3))
    heard_again.ask(box.db, Wanted(ids=again), NOW)
    if is_known:
        optimise(box.db)
    asked: list[str] = []
    box.db.conn.set_trace_callback(asked.append)
    while taken(box, 99):
        pass
    box.db.conn.set_trace_callback(None)
    for index, order in (("comments_new", "tries, recorded_at"), ("comments_again", "tries, again_at")):
        statements = {each for each in asked if f"ORDER BY {order}" in each}
        assert statements
        for statement in statements:
            plan = str([row[3] for row in box.db.execute(f"EXPLAIN QUERY PLAN {statement}")])
            assert index in plan
            assert "TEMP B-TREE" not in plan
