import os
import subprocess
import sys
from pathlib import Path

import pytest

INSTALLED = [str(Path(sys.executable).with_name("efterklang"))]
AS_MODULE = [sys.executable, "-m", "appliance"]


def run(directory: Path, *command: str, config: Path | None = None) -> "subprocess.CompletedProcess[str]":
    environment = {key: value for key, value in os.environ.items() if key != "EFTERKLANG_CONFIG"}
    if config:
        environment["EFTERKLANG_CONFIG"] = str(config)
    return subprocess.run(
        command, cwd=directory, env=environment, capture_output=True, text=True, check=False, timeout=60
    )


@pytest.mark.parametrize("command", [INSTALLED, AS_MODULE], ids=["installed", "module"])
def test_a_broken_configuration_is_one_line_and_exit_code_2(tmp_path: Path, command: list[str]) -> None:
    path = tmp_path / "efterklang.toml"
    path.write_text("[web]\nport = 80\n")
    done = run(tmp_path, *command, "intake", config=path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"efterklang: {path}, line 2: unknown key web.port; known here: bind, tls, trusted_proxy\n"


def test_a_line_without_a_pbx_says_what_to_set(tmp_path: Path) -> None:
    done = run(tmp_path, *AS_MODULE, "line", "1")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "efterklang: no [sip] section: nothing to ring through; set sip.registrar, or use `efterklang run`\n"
    )


def test_a_missing_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = run(tmp_path, *INSTALLED, "contacts", "import", "none.csv")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "efterklang: none.csv: cannot read call records: No such file or directory\n"
