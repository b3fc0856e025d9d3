import platform
import sys
from collections.abc import Callable

import pytest

from appliance.health import Context
from appliance.health.checks import platform as check

Box = Callable[..., Context]


def test_the_machine_that_runs_the_tests_is_supported(practice: Box) -> None:
    assert list(check.run(practice())) == []


@pytest.mark.parametrize(("version", "issues"), [((3, 10), 1), ((3, 11), 0), ((3, 12), 0), ((3, 13), 1)])
def test_two_pythons_are_supported(
    practice: Box, monkeypatch: pytest.MonkeyPatch, version: tuple[int, int], issues: int
) -> None:
    monkeypatch.setattr(sys, "version_info", (*version, 0))
    assert len(list(check.run(practice()))) == issues


def test_another_processor_is_named(practice: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: "aarch64")
    assert [issue.what for issue in check.run(practice())] == ["Linux on aarch64 is not supported"]
