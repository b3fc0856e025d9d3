"""The planner knows by then that nearly all interviews are over and nearly all calls are ours."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from made_up import MadeUp

from appliance.store import Database, comment_queue, figures, interviews, left_behind, limits, promises, trunk
from appliance.store.clock import to_text
from appliance.store.upkeep import optimise
from appliance.types import AttemptId, InterviewId, Outcome

DONE = 5_000
MINUTE = timedelta(minutes=1)


@pytest.fixture
def old(box: MadeUp) -> MadeUp:
    """Years of calls, at night: none waits, none is live."""
    done = box.ended(Outcome.BUSY)
    at = to_text(box.now - 60 * MINUTE)
    box.db.conn.executemany(
        """INSERT INTO interviews (contact_id, language, number_hash, state, due_at, latest_at, ended_at)
           SELECT contact_id, language, ?, state, ?, ?, ? FROM interviews WHERE id = ?""",
        [(number.to_bytes(32), at, at, at, done) for number in range(DONE)],
    )
    box.db.conn.execute(
        """INSERT INTO attempts (interview_id, line, begun_at, rang_at, answered_at, ended_at, outcome, sip_status)
           SELECT id, 'line-9', due_at, due_at, due_at, due_at, 'completed', 200 FROM interviews WHERE id > ?""",
        (done,),
    )
    box.db.conn.execute(
        """INSERT INTO comments (interview_id, state, recorded_at, seconds, file, key_wrapped, done_at)
           SELECT id, 'done', due_at, 9, 'sound' || id, x'00', due_at FROM interviews WHERE id > ?""",
        (done,),
    )
    box.db.conn.commit()
    return box


def look_at_everything(db: Database) -> None:
    db.conn.executescript("PRAGMA analysis_limit = 0; ANALYZE")


def not_yet(db: Database) -> None:
    """A box's first day."""


QUESTIONS: dict[str, Callable[[MadeUp], object]] = {
    "abandoned": lambda box: left_behind.abandoned(box.db, box.now, "line-1"),
    "taken over": lambda box: left_behind.take_over(box.db, InterviewId(1), "line-1", box.now, box.now, starting=True),
    "promised": lambda box: promises.to_keep(box.db),
    "expired": lambda box: interviews.expire(box.db, box.now),
    "live": lambda box: (interviews.live_ids(box.db), limits.live_calls(box.db, box.now)),
    "called bad": lambda box: trunk.numbers_refused_in_a_row(box.db),
    "bad before": lambda box: trunk.refused_before_the_trunk_proved_well(box.db, InterviewId(1), AttemptId(2)),
    "refused kinds": lambda box: trunk.refused_beginnings(box.db, box.now - MINUTE, 5),
    "comments": lambda box: comment_queue.queue(box.db),
    "lent comments": lambda box: comment_queue.lease_some(box.db, "analyst", box.now, 60),
    "given back": lambda box: comment_queue.give_back(box.db, "analyst"),
    "figures": lambda box: figures.data_version(box.db),
}


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("care", [optimise, look_at_everything, not_yet])
def test_what_a_line_asks_again_and_again_takes_few_steps(
    old: MadeUp, question: str, care: Callable[[Database], None]
) -> None:
    care(old.db)
    assert steps(old.db, lambda: QUESTIONS[question](old)) < DONE
    old.queued(), old.live(), old.live(), old.recorded()
    assert steps(old.db, lambda: QUESTIONS[question](old)) < DONE, "in the morning"
    care(old.db)
    assert steps(old.db, lambda: QUESTIONS[question](old)) < DONE, "the care was taken by day"


def test_on_the_first_day_all_that_wait_are_not_read_through_for_what_is_too_late(old: MadeUp) -> None:
    old.db.execute("UPDATE interviews SET state = 'queued', latest_at = ?", (to_text(old.now + MINUTE),))
    old.db.conn.commit()
    assert steps(old.db, lambda: interviews.expire(old.db, old.now)) < DONE


def steps(db: Database, ask: Callable[[], object]) -> int:
    """Of SQLite's machine, in hundreds rounded down: a table of that many rows read through takes more."""
    counted = 0

    def count() -> int:
        nonlocal counted
        counted += 100
        return 0

    db.conn.set_progress_handler(count, 100)
    try:
        ask()
    finally:
        db.conn.set_progress_handler(None, 100)
    return counted
