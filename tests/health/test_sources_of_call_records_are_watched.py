from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from appliance.health import Context, Issue
from appliance.health.checks import call_records as check
from appliance.health.issue import Severity
from appliance.store import Database, intake_sources
from appliance.store.intake_sources import SourceState

Box = Callable[..., Context]
HOUR = timedelta(hours=1)


def issues(context: Context) -> list[Issue]:
    return [found for found in check.run(context) if isinstance(found, Issue)]


def test_a_box_with_no_sources_is_well(practice: Box, db: Database) -> None:
    assert list(check.run(practice())) == []
    assert list(check.run(practice(db))) == []


def test_a_source_that_tells_of_calls_is_well_and_the_last_one_is_shown(
    practice: Box, db: Database, now: datetime
) -> None:
    intake_sources.set_state(db, "pbx", SourceState.CONNECTED, now - 300 * HOUR)
    intake_sources.count(db, "pbx", now - HOUR, decided=1)
    assert list(check.run(practice(db))) == ["pbx: last record 2026-11-23 10:00"]


@pytest.mark.parametrize("state", [SourceState.REFUSED, SourceState.WAITING])
def test_a_source_that_is_not_connected_is_an_error_after_five_minutes(
    practice: Box, db: Database, now: datetime, state: SourceState
) -> None:
    intake_sources.count(db, "pbx", now, decided=1)
    intake_sources.set_state(db, "pbx", state, now - timedelta(minutes=5))
    assert issues(practice(db)) == []
    intake_sources.set_state(db, "other", state, now - timedelta(minutes=6))
    [issue] = issues(practice(db))
    assert (issue.severity, issue.what) == (Severity.ERROR, "other: is not connected since 2026-11-23 10:54")


def test_a_pbx_that_does_not_connect_is_missed_when_people_have_worked_for_an_hour(
    practice: Box, db: Database, now: datetime
) -> None:
    saturday = now - 48 * HOUR
    intake_sources.set_state(db, "pbx", SourceState.LISTENING, saturday)
    [issue] = issues(practice(db))  # it is eleven o'clock on Monday
    assert (issue.severity, issue.what) == (Severity.WARNING, "pbx: nobody is connected since 2026-11-21 11:00")
    intake_sources.count(db, "pbx", now - HOUR, decided=1)  # it connects for each record
    assert issues(practice(db)) == []


@pytest.mark.parametrize(("hours_ago", "silent"), [(70, False), (72 - 2.9, False), (73, True), (400, True)])
def test_a_source_that_is_silent_for_a_working_day_is_missed(
    practice: Box, db: Database, now: datetime, hours_ago: float, silent: bool
) -> None:
    intake_sources.set_state(db, "pbx", SourceState.CONNECTED, now - 500 * HOUR)
    intake_sources.count(db, "pbx", now - hours_ago * HOUR, decided=1)
    assert len(issues(practice(db))) == silent


def test_a_source_that_never_told_of_a_call_is_missed_too(practice: Box, db: Database, now: datetime) -> None:
    intake_sources.set_state(db, "pbx", SourceState.CONNECTED, now - 100 * HOUR)
    assert [issue.what for issue in issues(practice(db))] == ["pbx: has told of no call since 2026-11-19 07:00"]


def test_a_source_that_is_configured_no_longer_is_no_trouble(practice: Box, db: Database, now: datetime) -> None:
    intake_sources.set_state(db, "old", SourceState.REFUSED, now - 100 * HOUR)
    intake_sources.keep_only(db, frozenset({"pbx"}))
    assert issues(practice(db)) == []
