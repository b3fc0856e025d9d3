from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

import pytest

from appliance.health import Context
from appliance.health.checks import processes as check
from appliance.store import Database, processes

Box = Callable[..., Context]


def begin(db: Database, now: datetime, names: Iterable[str], seconds_ago: float = 1) -> None:
    for name in names:
        processes.begin(db, name, 1, now - timedelta(seconds=seconds_ago))


def test_a_practice_box_at_rest_is_well(practice: Box, db: Database) -> None:
    assert list(check.run(practice())) == []
    assert list(check.run(practice(db))) == []


def test_a_box_with_everything_at_work_is_well(installed: Box, db: Database, now: datetime) -> None:
    begin(db, now, ["intake", "analyst", "line-1", "line-2"])
    assert list(check.run(installed(db))) == []


def test_what_does_not_run_is_named(installed: Box, db: Database, now: datetime) -> None:
    begin(db, now, ["intake", "line-1", "line-2"])
    found = [issue.what for issue in check.run(installed(db, sip={"processes": 3}))]
    assert found == ["analyst does not run", "line-3 does not run"]


@pytest.mark.parametrize(
    ("name", "seconds_ago", "silent"),
    [("line-1", 59, False), ("line-1", 61, True), ("analyst", 59, False), ("analyst", 61, True)],
)
def test_a_silent_process_is_named(
    practice: Box, db: Database, now: datetime, name: str, seconds_ago: float, silent: bool
) -> None:
    begin(db, now, [name], seconds_ago)
    assert [issue.where for issue in check.run(practice(db))] == [name] * silent


def test_a_silent_line_is_looked_up_by_its_unit(practice: Box, db: Database, now: datetime) -> None:
    begin(db, now, ["line-2"], 3600)
    assert next(iter(check.run(practice(db)))).todo == "run: systemctl status efterklang-line@2"


def test_a_line_that_the_pbx_refuses_is_named(practice: Box, db: Database, now: datetime) -> None:
    begin(db, now, ["line-1"])
    processes.beat(db, "line-1", "0 of 4 calls; not registered (403)", now)
    assert [issue.what for issue in check.run(practice(db))] == ["line-1 is not registered (403)"]
    processes.beat(db, "line-1", "0 of 4 calls; registered", now)
    assert list(check.run(practice(db))) == []
