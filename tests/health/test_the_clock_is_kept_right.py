from collections.abc import Callable
from pathlib import Path

import pytest

from appliance import timepiece
from appliance.health import Context, Severity
from appliance.health.checks import clock
from appliance.store import Database
from appliance.store.timekeeping import HouseClock

Box = Callable[..., Context]


@pytest.mark.parametrize(
    ("kernel", "severities"), [(True, []), (False, [Severity.WARNING]), (None, [Severity.UNKNOWN])]
)
def test_the_kernel_is_asked(
    practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel: bool | None, severities: list[Severity]
) -> None:
    monkeypatch.setattr(timepiece, "TIMESYNCD", tmp_path / "synchronized")
    monkeypatch.setattr(timepiece, "kernel_says", lambda: kernel)
    assert [issue.severity for issue in clock.run(practice())] == severities


def test_timesyncd_is_believed(practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "synchronized").touch()
    monkeypatch.setattr(timepiece, "TIMESYNCD", tmp_path / "synchronized")
    monkeypatch.setattr(timepiece, "kernel_says", lambda: False)
    assert list(clock.run(practice())) == []


class _Elsewhere(timepiece.Timepiece):
    """The clock of another start of the machine, set by nobody."""

    start = "another"  # type: ignore[assignment]

    def is_synchronized(self) -> bool:
        return False


def test_a_clock_in_doubt_is_an_error_that_says_what_to_do(
    practice: Box, db: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timepiece, "kernel_says", lambda: True)
    HouseClock(db).mind()
    assert list(clock.run(practice(db))) == []
    monkeypatch.setattr("appliance.store.timekeeping.Timepiece", _Elsewhere)
    (issue,) = clock.run(practice(db))
    assert issue.severity is Severity.ERROR
    assert "trust-clock" in issue.todo
