import importlib.metadata
import importlib.util
from collections.abc import Callable
from typing import Any

import pytest

from appliance.health import Context, Severity
from appliance.health.checks import telephony_wheel

Box = Callable[..., Context]


@pytest.mark.parametrize(
    ("sip", "severities"),
    [
        ({}, []),
        ({"calls_per_process": 5}, [Severity.ERROR]),
        ({"transport": "tls"}, [Severity.WARNING]),
        ({"srtp": "optional"}, [Severity.WARNING]),
        ({"transport": "tls", "calls_per_process": 8}, [Severity.WARNING, Severity.ERROR]),
    ],
)
def test_the_quick_start_wheel_has_limits(installed: Box, sip: dict[str, Any], severities: list[Severity]) -> None:
    found = [issue.severity for issue in telephony_wheel.run(installed(sip=sip))]
    assert found == severities


def test_an_own_build_has_none_of_them(installed: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> str:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(importlib.metadata, "version", missing)
    assert list(telephony_wheel.run(installed(sip={"transport": "tls", "calls_per_process": 60}))) == []


def test_a_box_without_it_is_told_so(practice: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert [issue.what for issue in telephony_wheel.run(practice())] == ["pjsua2 is not installed"]
