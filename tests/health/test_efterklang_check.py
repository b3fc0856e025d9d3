import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appliance.cli import check, root
from appliance.health import Checked, Issue, Severity

WELL = Checked("storage", "the storage is there", (), "9 GiB free")


def late(severity: Severity) -> Checked:
    return Checked("clock", "the clock is right", (Issue("clock", severity, "it is late", "the wall", "wind it"),))


def invoke(monkeypatch: pytest.MonkeyPatch, rounds: list[Checked], *options: str) -> Result:
    monkeypatch.delenv("EFTERKLANG_CONFIG", raising=False)
    monkeypatch.setattr(check, "run_checks", lambda *_: rounds)
    return CliRunner().invoke(root, ["check", *options])


def test_each_check_is_one_line_in_signs_and_words(monkeypatch: pytest.MonkeyPatch) -> None:
    result = invoke(monkeypatch, [WELL, late(Severity.WARNING), late(Severity.UNKNOWN), late(Severity.ERROR)])
    assert result.output.splitlines() == [
        "✓ ok       storage          the storage is there: 9 GiB free",
        "! WARNING  clock            it is late (the wall); wind it",
        "? UNKNOWN  clock            it is late (the wall); wind it",
        "✗ FAILED   clock            it is late (the wall); wind it",
    ]


@pytest.mark.parametrize(("severity", "code"), [(Severity.ERROR, 1), (Severity.WARNING, 0), (Severity.UNKNOWN, 0)])
@pytest.mark.parametrize("options", [(), ("--json",)])
def test_only_a_failure_fails(
    monkeypatch: pytest.MonkeyPatch, severity: Severity, code: int, options: tuple[str, ...]
) -> None:
    assert invoke(monkeypatch, [WELL, late(severity)], *options).exit_code == code


def test_json_is_all_there_is_on_stdout(monkeypatch: pytest.MonkeyPatch) -> None:
    result = invoke(monkeypatch, [WELL, late(Severity.ERROR)], "--json")
    assert json.loads(result.stdout) == {
        "ok": False,
        "checks": [
            {"check": "storage", "title": "the storage is there", "note": "9 GiB free", "issues": []},
            {
                "check": "clock",
                "title": "the clock is right",
                "note": "",
                "issues": [
                    {
                        "check": "clock",
                        "severity": "error",
                        "what": "it is late",
                        "where": "the wall",
                        "todo": "wind it",
                    }
                ],
            },
        ],
    }


def test_a_terminal_without_the_signs_gets_the_words(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "appliance", "--storage", str(tmp_path), "check"]
    environment = {"PYTHONIOENCODING": "latin-1", "PATH": "/usr/bin:/bin", "HOME": str(tmp_path)}
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    assert b"? ok       platform" in done.stdout
    assert done.stderr == b""
