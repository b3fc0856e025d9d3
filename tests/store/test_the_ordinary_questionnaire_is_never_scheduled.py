from datetime import timedelta

import pytest
from made_up import QUESTIONNAIRE, MadeUp

from appliance.errors import UsageError
from appliance.store import questionnaires, schedule
from appliance.store.schedule import NewSchedule
from appliance.store.upkeep import optimise

DAY = timedelta(days=1)


def plan(box: MadeUp, questionnaire_id: str, ordinary_id: str) -> int:
    version = questionnaires.freeze(box.db, questionnaire_id, 1, '{"questions": []}')
    return schedule.add(
        box.db, NewSchedule((questionnaire_id, version), (), box.now, box.now + DAY, "anna"), box.now, ordinary_id
    )


@pytest.mark.parametrize("ordinary_id", [QUESTIONNAIRE.id, "the next ordinary one"])
def test_neither_the_one_that_is_asked_nor_the_one_that_was(box: MadeUp, ordinary_id: str) -> None:
    box.ended()
    with pytest.raises(UsageError, match="kontaktcenter is asked without a schedule"):
        plan(box, QUESTIONNAIRE.id, ordinary_id)
    assert not schedule.is_temporary(box.db, QUESTIONNAIRE.id)


def test_what_is_withdrawn_before_anybody_was_asked_may_become_the_ordinary_one(box: MadeUp) -> None:
    number = plan(box, "news", QUESTIONNAIRE.id)
    assert schedule.is_temporary(box.db, "news")
    assert schedule.withdraw(box.db, number, "anna", box.now)
    assert not schedule.is_temporary(box.db, "news")
    box.ended(asked=("news", 1))
    assert schedule.is_ordinary(box.db, "news")


def test_once_asked_it_stays_temporary(box: MadeUp) -> None:
    number = plan(box, "news", QUESTIONNAIRE.id)
    schedule.note_asked(box.db, number)
    assert schedule.withdraw(box.db, number, "anna", box.now)
    box.ended(asked=("news", 1))
    assert schedule.is_temporary(box.db, "news")
    assert not schedule.is_ordinary(box.db, "news")


def test_neither_is_found_by_reading_the_interviews_through(box: MadeUp) -> None:
    for _ in range(20):
        box.ended()
    optimise(box.db)
    said: list[str] = []
    box.db.conn.set_trace_callback(said.append)
    schedule.is_ordinary(box.db, "a draft")
    box.db.conn.set_trace_callback(None)
    (asked,) = [statement for statement in said if "interviews" in statement]
    (plan,) = [row[3] for row in box.db.execute(f"EXPLAIN QUERY PLAN {asked}")]
    assert "interviews_by_questionnaire (questionnaire_id=?)" in plan
