from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from appliance.health import Context, Severity
from appliance.health.checks import dialing as check
from appliance.store import Database, dialing
from appliance.store.dialing import DialingState

Box = Callable[..., Context]
DAY = timedelta(days=1)


@pytest.mark.parametrize("state", [DialingState.PAUSED, DialingState.STOPPED])
def test_a_pause_older_than_a_day_is_named(practice: Box, db: Database, now: datetime, state: DialingState) -> None:
    dialing.change(db, state, "anna", now - DAY - timedelta(minutes=1))
    (issue,) = check.run(practice(db))
    assert issue.severity is Severity.WARNING
    assert f"{state} by anna" in issue.what


def test_a_younger_one_is_meant(practice: Box, db: Database, now: datetime) -> None:
    dialing.change(db, DialingState.PAUSED, "anna", now - DAY)
    assert list(check.run(practice(db))) == []


def test_a_box_that_rings_is_well(practice: Box, db: Database, now: datetime) -> None:
    assert list(check.run(practice(db))) == []
    dialing.change(db, DialingState.PAUSED, "anna", now - 3 * DAY)
    dialing.change(db, DialingState.RUNNING, "anna", now - 2 * DAY)
    assert list(check.run(practice(db))) == []


def test_without_a_store_there_is_nothing_to_say(practice: Box) -> None:
    assert list(check.run(practice())) == []
