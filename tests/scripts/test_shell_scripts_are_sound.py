import os
import shutil
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SCRIPTS = [HOUSE / ".ci" / "run", HOUSE / "tests" / "scripts" / "install_in_a_copy.sh"] + [
    path
    for path in sorted((HOUSE / "scripts").iterdir())
    if path.is_file() and path.read_bytes().startswith(b"#!/usr/bin/env bash")
]


@pytest.fixture(params=SCRIPTS, ids=lambda path: path.name)
def script(request: pytest.FixtureRequest) -> Path:
    return Path(request.param)


def test_the_scripts_of_the_design_are_there() -> None:
    names = {path.name for path in SCRIPTS}
    assert {"setup", "run", "test", "install.sh", "uninstall.sh"} <= names


def test_shellcheck_finds_nothing(script: Path) -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("needs shellcheck: apt-get install shellcheck")
    done = subprocess.run(["shellcheck", script], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_it_stops_at_the_first_error_and_is_read_whole_before_it_runs(script: Path) -> None:
    lines = script.read_text(encoding="utf-8").splitlines()
    assert "set -euo pipefail" in lines
    assert lines[-1] == 'main "$@"'
    assert os.access(script, os.X_OK)


def test_no_package_index_is_hard_coded(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert "index-url" not in text
    assert "pypi.org" not in text
