import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from appliance.health import Context, Issue, Severity
from appliance.health.checks import telephony_wheel
from appliance.health.checks.telephony_wheel import Library

Box = Callable[..., Context]
QUICK_START = Library("2.15.1", "OpenSSL 1.0.2k-fips 26 Jan 2017", 4)
OWN = Library("2.17", "OpenSSL 3.0.22 25 Aug 2026", 64)


def severities(context: Context) -> list[Severity]:
    return [found.severity for found in telephony_wheel.run(context) if isinstance(found, Issue)]


@pytest.mark.parametrize(
    ("library", "sip", "expected"),
    [
        (QUICK_START, {}, []),
        (QUICK_START, {"calls_per_process": 5}, [Severity.ERROR]),
        (QUICK_START, {"transport": "tls"}, [Severity.WARNING]),
        (QUICK_START, {"srtp": "optional"}, [Severity.WARNING]),
        (QUICK_START, {"transport": "tls", "calls_per_process": 8}, [Severity.WARNING, Severity.ERROR]),
        (OWN, {"transport": "tls", "srtp": "required", "calls_per_process": 64}, []),
        (Library("2.17", "", 32), {"transport": "tls", "calls_per_process": 33}, [Severity.WARNING, Severity.ERROR]),
        (Library("2.12", "OpenSSL 1.1.1w 11 Sep 2023", 32), {"transport": "tls"}, [Severity.WARNING]),
    ],
)
def test_more_than_the_library_can_is_found(
    installed: Box, monkeypatch: pytest.MonkeyPatch, library: Library, sip: dict[str, Any], expected: list[Severity]
) -> None:
    monkeypatch.setattr(telephony_wheel, "_ask", lambda: library)
    assert severities(installed(sip={"ca_file": "/etc/ssl/pbx-ca.pem", **sip})) == expected


def test_the_library_that_is_here_is_named_by_its_own_word(installed: Box) -> None:
    command = [sys.executable, "-W", "ignore", "-m", "appliance.telephony.library"]
    facts = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    (note,) = telephony_wheel.run(installed(sip={"calls_per_process": facts["max_calls"]}))
    assert note == f"PJSIP {facts['pjsip']}, {facts['tls']}, {facts['max_calls']} calls a process"
    assert facts["max_calls"] >= 4
    assert facts["tls"].startswith("OpenSSL ")


def test_a_library_that_crashes_is_an_error_and_no_crash(
    installed: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "crashes.py").write_text("import os; os.abort()", encoding="utf-8")
    (tmp_path / "lacks.py").write_text("raise ImportError('libsrtp2.so.1: cannot open')", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for module, reason in (("crashes", "it ended with code -6"), ("lacks", "ImportError: libsrtp2.so.1: cannot open")):
        monkeypatch.setattr(telephony_wheel, "_LIBRARY", module)
        (issue,) = telephony_wheel.run(installed())
        assert isinstance(issue, Issue)
        assert (issue.severity, issue.what) == (Severity.ERROR, f"pjsua2 does not start: {reason}")


def test_a_box_without_it_is_told_so(practice: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    (issue,) = telephony_wheel.run(practice())
    assert isinstance(issue, Issue)
    assert issue.what == "pjsua2 is not installed"
