from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import NOW, MadeUp

from appliance.store import figures
from appliance.store.figures import Span
from appliance.types import AnswerKind, Area, CommentState, DrawReason, Outcome, Tonality

DAY = Span(NOW, NOW + timedelta(days=1))
BEFORE = NOW - timedelta(milliseconds=1)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path)
    yield made
    made.db.close()


def test_a_span_holds_its_beginning_and_not_its_end(made: MadeUp) -> None:
    for moment in (BEFORE, DAY.begin, DAY.end - timedelta(milliseconds=1), DAY.end):
        made.contact(moment)
    assert figures.count_contacts(made.db, DAY) == (2, 0)


def test_only_what_was_queued_or_put_through_counts_as_drawn(made: MadeUp) -> None:
    reasons = set(DrawReason) - {DrawReason.TEST_CALL}
    for reason in reasons:
        made.contact(reason=reason)
    assert figures.count_contacts(made.db, DAY) == (len(reasons), 2)


def test_each_step_of_an_interview_is_counted(made: MadeUp) -> None:
    made.queued()
    made.live()
    for outcome in (Outcome.NO_ANSWER, Outcome.NO_START, Outcome.PARTIAL, Outcome.COMPLETED, Outcome.COMPLETED):
        made.ended(outcome)
    for outside in (BEFORE, DAY.end):
        made.ended(Outcome.COMPLETED, outside)
    counted = figures.count_interviews(made.db, DAY)
    assert (counted.queued, counted.live) == (1, 1)
    assert (counted.rung, counted.reached, counted.started) == (6, 4, 3)
    assert counted.outcomes == {Outcome.NO_ANSWER: 1, Outcome.NO_START: 1, Outcome.PARTIAL: 1, Outcome.COMPLETED: 2}


def test_answers_are_counted_by_question_kind_and_value(made: MadeUp) -> None:
    made.ended(given={"treatment": 5, "knowledge": AnswerKind.SKIPPED})
    made.ended(given={"treatment": 5, "knowledge": AnswerKind.NO_OPINION})
    made.ended(given={"treatment": 4})
    made.ended(at=BEFORE, given={"treatment": 1})
    counted = {(row.question, row.kind, row.value): row.count for row in figures.count_answers(made.db, DAY)}
    assert counted == {
        ("treatment", AnswerKind.VALUE, 5): 2,
        ("treatment", AnswerKind.VALUE, 4): 1,
        ("knowledge", AnswerKind.SKIPPED, None): 1,
        ("knowledge", AnswerKind.NO_OPINION, None): 1,
    }


def test_opinions_are_counted_by_area_and_tonality(made: MadeUp) -> None:
    made.comment(opinions=[(Area.TREATMENT, Tonality.POSITIVE), (Area.WAITING_TIME, Tonality.NEGATIVE)])
    made.comment(opinions=[(Area.TREATMENT, Tonality.POSITIVE)])
    made.comment(opinions=[(Area.OVERALL, Tonality.NEGATIVE)], at=BEFORE)
    made.recorded()
    assert figures.count_opinions(made.db, DAY) == {
        (Area.TREATMENT, Tonality.POSITIVE): 2,
        (Area.WAITING_TIME, Tonality.NEGATIVE): 1,
    }
    assert figures.count_comments(made.db, DAY) == {CommentState.DONE: 2, CommentState.RECORDED: 1}


def test_an_empty_store_has_no_first_contact(made: MadeUp) -> None:
    assert figures.first_contact(made.db) is None
    made.contact(NOW)
    made.contact(BEFORE)
    assert figures.first_contact(made.db) == BEFORE
