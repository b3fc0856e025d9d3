import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from appliance.health import Context, Issue
from appliance.health.checks import inbox as check
from appliance.health.issue import Severity

Box = Callable[..., Context]


def lay(storage: Path, name: str) -> None:
    path = storage / "inbox" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1,070-174 06 05\n", encoding="utf-8")
    os.utime(path, (0, 0))


def issues(box: Context, after: timedelta) -> list[Issue]:
    """As of so long after the files were laid there."""
    return list(check.run(replace(box, now=datetime.now(UTC) + after)))


def test_a_box_with_no_inbox_or_an_empty_one_is_well(practice: Box, storage: Path) -> None:
    assert issues(practice(), timedelta(days=1)) == []
    (storage / "inbox" / "trio").mkdir(parents=True)
    assert issues(practice(), timedelta(days=1)) == []


def test_a_file_that_lies_there_for_over_an_hour_is_named_whenever_it_was_written(practice: Box, storage: Path) -> None:
    lay(storage, "trio/calls.csv")
    assert issues(practice(), timedelta(minutes=59)) == []
    (issue,) = issues(practice(), timedelta(minutes=61))
    assert (issue.severity, issue.where) == (Severity.WARNING, str(storage / "inbox" / "trio"))
    assert issue.what == "calls.csv has waited for over an hour"


def test_of_many_files_some_are_named_and_no_number_with_them(practice: Box, storage: Path) -> None:
    for last in ("05", "06", "07", "08"):
        lay(storage, f"070-174 06 {last}.csv")
    (issue,) = issues(practice(), timedelta(hours=2))
    assert issue.what == ", ".join(["0xx-xxx xx xx.csv"] * 3) + " and 1 more have waited for over an hour"


def test_an_upload_that_was_given_up_and_what_is_no_file_are_named_too(practice: Box, storage: Path) -> None:
    lay(storage, "calls.csv.part")
    os.mkfifo(storage / "inbox" / "pipe")
    (issue,) = issues(practice(), timedelta(hours=2))
    assert issue.what == "calls.csv.part, pipe have waited for over an hour"


def test_what_is_kept_of_files_waits_for_nobody(practice: Box, storage: Path) -> None:
    lay(storage, "done/20261124T143200000000-calls.csv")
    lay(storage, "rejected/20261124T143200000000-calls.csv")
    assert issues(practice(), timedelta(days=30)) == []
