from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.health import Context, Severity
from appliance.health.checks import clock

Box = Callable[..., Context]


@pytest.mark.parametrize(
    ("kernel", "severities"), [(True, []), (False, [Severity.WARNING]), (None, [Severity.UNKNOWN])]
)
def test_the_kernel_is_asked(
    practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kernel: bool | None, severities: list[Severity]
) -> None:
    monkeypatch.setattr(clock, "_TIMESYNCD", tmp_path / "synchronized")
    monkeypatch.setattr(clock, "_kernel_says", lambda: kernel)
    assert [issue.severity for issue in clock.run(practice())] == severities


def test_timesyncd_is_believed(practice: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "synchronized").touch()
    monkeypatch.setattr(clock, "_TIMESYNCD", tmp_path / "synchronized")
    monkeypatch.setattr(clock, "_kernel_says", lambda: False)
    assert list(clock.run(practice())) == []
