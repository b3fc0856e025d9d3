from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from appliance.health import Context, Issue
from appliance.health.checks import queues as check
from appliance.health.issue import Severity
from appliance.store import Database, contacts
from appliance.types import Direction, DrawReason, EndedContact

Box = Callable[..., Context]
DAY = timedelta(days=1)


def contact(
    call_id: str, *, at: datetime, queue: str = "Växel", direction: Direction = Direction.INBOUND, answered: bool = True
) -> EndedContact:
    return EndedContact("test", call_id, at, None, queue, 30, 120, direction, answered)


def told(db: Database, ended: EndedContact, reason: DrawReason = DrawReason.NOT_DRAWN) -> None:
    contacts.add(db, ended, None, reason, ended.ended_at)


def texts(found: list[Issue]) -> list[str]:
    assert all(issue.severity is Severity.WARNING for issue in found)
    return [issue.what for issue in found]


def test_a_box_that_has_heard_of_no_call_is_well(practice: Box, db: Database) -> None:
    assert list(check.run(practice())) == []
    assert list(check.run(practice(db, draw={"queue_shares": {"Bygg": 0.5}}))) == []


@pytest.mark.parametrize("queue", ["", "5100", "+46 31 390 06 00", "0xx-xxx xx xx"])
def test_a_source_whose_queues_have_no_names_is_told(practice: Box, db: Database, now: datetime, queue: str) -> None:
    told(db, contact("1", queue=queue, at=now))
    told(db, contact("2", queue=queue, at=now - 6 * DAY))
    [issue] = check.run(practice(db))
    assert texts([issue]) == ["test: none of the 2 answered calls of seven days names its queue: no queue is denied"]
    assert "queue.names" in issue.todo
    assert "intake.ami.queue_names" in issue.todo


def test_each_source_is_looked_at_by_itself(practice: Box, db: Database, now: datetime) -> None:
    told(db, contact("1", at=now))
    told(db, contact("2", queue="", at=now))
    assert list(check.run(practice(db))) == []
    told(db, replace(contact("3", queue="", at=now), source="other"))
    assert texts(list(check.run(practice(db))))[0].startswith("other: ")


def test_what_was_not_answered_or_is_old_or_no_citizen_s_call_does_not_count(
    practice: Box, db: Database, now: datetime
) -> None:
    told(db, contact("1", queue="", at=now - 8 * DAY))
    told(db, contact("2", queue="", at=now, answered=False))
    told(db, contact("3", queue="", at=now, direction=Direction.OUTBOUND))
    told(db, contact("4", queue="", at=now), DrawReason.TRANSFERRED)
    told(db, contact("5", queue="", at=now), DrawReason.TEST_CALL)
    assert list(check.run(practice(db))) == []


def test_without_a_deny_list_nothing_is_missed(practice: Box, db: Database, now: datetime) -> None:
    told(db, contact("1", queue="", at=now))
    assert list(check.run(practice(db, funnel={"denied_queues": []}))) == []


def test_quotas_and_shares_of_queues_that_nobody_has_rung_are_told(practice: Box, db: Database, now: datetime) -> None:
    told(db, contact("1", queue="Växel", at=now - 27 * DAY))
    told(db, contact("2", queue="Bygg", at=now - 29 * DAY))
    quotas = [{"queue": name, "per": "week", "interviews": 5} for name in ("Bygg", "VAXEL")]
    box = practice(db, draw={"queue_shares": {"växel": 0.5, "Miljö": 0.1}, "quotas": quotas})
    assert texts(list(check.run(box))) == [
        "no call of four weeks was in queue 'Bygg', which draw.quotas names",
        "no call of four weeks was in queue 'Miljö', which draw.queue_shares names",
    ]
