import json
import os
import re
import subprocess
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What two installations and an uninstallation in a throw-away copy of this machine left to be seen."""
    if os.geteuid() or "ID=debian" not in Path("/etc/os-release").read_text(encoding="utf-8").splitlines():
        pytest.skip("needs root on Debian")
    alone = ["unshare", "--mount", "--pid", "--fork", "--kill-child"]
    if subprocess.run([*alone, "mount", "-t", "tmpfs", "tmpfs", "/mnt"], capture_output=True, check=False).returncode:
        pytest.skip("needs a mount namespace of its own: unshare --mount")
    folder = tmp_path_factory.mktemp("install")
    (folder / "results").mkdir()
    checkout = folder / "checkout"
    subprocess.run(["git", "clone", "--quiet", HOUSE, checkout], check=True)
    script = f"{HOUSE}/tests/scripts/install_in_a_copy.sh"
    subprocess.run([*alone, script, checkout, folder / "results"], check=True)
    return folder / "results"


def read(results: Path, name: str) -> str:
    return (results / name).read_text(encoding="utf-8")


def test_the_first_account_s_password_is_all_that_stdout_has(results: Path) -> None:
    assert re.fullmatch(r"[a-z0-9]{4}(-[a-z0-9]{4}){3}\n", read(results, "first.out"))


def test_a_second_run_changes_nothing_and_shows_no_password(results: Path) -> None:
    assert read(results, "first") == read(results, "second")
    assert read(results, "second.out") == ""


def test_only_the_service_may_look_into_the_storage(results: Path) -> None:
    assert read(results, "modes").splitlines() == [
        "700 efterklang:efterklang /var/lib/efterklang",
        "600 efterklang:efterklang /var/lib/efterklang/efterklang.db",
        "644 root:root /etc/efterklang/efterklang.toml",
        "755 root:root /opt/efterklang",
        "755 root:root /usr/local/bin/efterklang",
    ]
    assert "Permission denied" in read(results, "nobody")


def test_the_check_says_that_only_the_pbx_and_the_start_are_missing(results: Path) -> None:
    report = json.loads(read(results, "check"))
    failed = {each["check"] for each in report["checks"] if any(i["severity"] == "error" for i in each["issues"])}
    assert failed == {"configuration", "memory", "processes"}


def test_every_unit_is_put_in_place_and_wanted(results: Path) -> None:
    installed = read(results, "first")
    units = {
        path.relative_to(HOUSE / "systemd").as_posix() for path in (HOUSE / "systemd").rglob("*.*") if path.is_file()
    }
    for unit in units - {"README.md", "pbx.md", "efterklang.toml"}:
        assert f"etc/systemd/system/{unit} 644" in installed
    for unit in (
        "intake.service",
        "line@1.service",
        "line@2.service",
        "analyst.service",
        "web.service",
        "nightly.timer",
    ):
        assert f"etc/systemd/system/efterklang.target.wants/efterklang-{unit} 777" in installed


def test_uninstalling_leaves_the_data_and_the_configuration_only(results: Path) -> None:
    assert sorted(read(results, "left").split()) == ["etc/efterklang", "var/lib/efterklang"]
    assert read(results, "user") == ""
