import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
SCRIPT = HOUSE / "scripts" / "build_pjsua2"


def build(*options: str | Path, **environment: str) -> "subprocess.CompletedProcess[str]":
    environment = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "PYTHON": sys.executable, **environment}
    command = [SCRIPT, *options]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=580)


def the_line(done: "subprocess.CompletedProcess[str]", code: int) -> str:
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    return line.removeprefix("build_pjsua2: ")


def tarball(folder: Path, version: str) -> tuple[Path, str]:
    """What looks like pjproject of some version, with its digest."""
    tree = folder / "pjproject"
    (tree / "pjsip-apps" / "src" / "swig").mkdir(parents=True)
    (tree / "version.mak").write_text(f"PJ_VERSION := {version}\n", encoding="utf-8")
    path = folder / "pjproject.tar.xz"
    with tarfile.open(path, "w:xz") as file:
        file.add(tree, "pjproject")
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def tools() -> None:
    done = build("--source", "/dev/null", "--sha256", "0" * 64)
    if "some tools are missing" in done.stderr:
        pytest.skip(done.stderr)


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--bogus"], "unknown option --bogus"),
        (["--out"], "--out needs a value"),
        (["--sha256", "0" * 64], "--sha256 belongs to --source"),
        (["--source", "some.tar.xz"], "--source needs --sha256 with 64 hexadecimal digits"),
        (["--source", "some.tar.xz", "--sha256", "abc"], "--source needs --sha256 with 64 hexadecimal digits"),
    ],
)
def test_a_wrong_option_is_a_usage_error(options: list[str], complaint: str) -> None:
    usage = "usage: scripts/build_pjsua2 [--source TARBALL --sha256 HEX] [--out DIR] [--install]"
    assert the_line(build(*options), 2) == f"{complaint}; {usage}"


def test_what_is_missing_is_named_in_one_command(tmp_path: Path) -> None:
    for name in ("bash", "env", "dirname", "readlink", "make", "cat"):
        (tmp_path / name).symlink_to(shutil.which(name) or "")
    line = the_line(build(PATH=str(tmp_path)), 1)
    assert line.startswith("some tools are missing. Run: apt-get install g++ swig xz-utils curl libssl-dev")


@pytest.mark.usefixtures("tools")
def test_another_file_than_the_one_that_was_meant_is_refused(tmp_path: Path) -> None:
    path, digest = tarball(tmp_path, "2.17")
    line = the_line(build("--source", path, "--sha256", "0" * 64), 1)
    assert line == f"{path}: sha256 is {digest}, expected {'0' * 64}: not the file that was meant"


@pytest.mark.usefixtures("tools")
def test_an_older_release_is_refused(tmp_path: Path) -> None:
    path, digest = tarball(tmp_path, "2.9")
    line = the_line(build("--source", path, "--sha256", digest.upper()), 1)
    assert line == f"{path}: holds pjproject 2.9, 2.17 or newer is needed"


@pytest.mark.usefixtures("tools")
def test_what_is_no_tarball_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("404", encoding="utf-8")
    digest = hashlib.sha256(b"404").hexdigest()
    assert the_line(build("--source", path, "--sha256", digest), 1) == f"{path}: is no tarball"
    assert the_line(build("--source", tmp_path / "none", "--sha256", digest), 1) == f"{tmp_path}/none: cannot be read"


@pytest.mark.usefixtures("tools")
def test_a_mirror_that_does_not_have_it_leads_to_the_other_way() -> None:
    done = build(DEBIAN_MIRROR="http://127.0.0.1:9/debian")
    assert done.returncode == 1
    assert "fetch that file elsewhere and give it by --source FILE --sha256 6860c2f7" in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("tools")
def test_the_wheel_that_is_built_passes_the_same_tests(tmp_path: Path) -> None:
    proxies = {name: value for name, value in os.environ.items() if "proxy" in name.lower()}
    done = build("--out", tmp_path / "out", **proxies)
    if "cannot fetch it" in done.stderr:
        pytest.skip(f"needs a Debian mirror: {done.stderr}")
    assert done.returncode == 0, done.stderr
    subprocess.run([sys.executable, "-m", "zipfile", "-e", done.stdout.strip(), tmp_path / "own"], check=True)
    environment = {**os.environ, "PYTHONPATH": f"{tmp_path}/own:{HOUSE}"}
    ask = [sys.executable, "-W", "ignore", "-m", "appliance.telephony.library"]
    facts = json.loads(subprocess.run(ask, env=environment, capture_output=True, check=True).stdout)
    assert facts["max_calls"] == 64
    assert facts["tls"].startswith("OpenSSL 3.")
    tests = ["tests/telephony", "tests/health/test_the_telephony_library_fits.py"]
    command = [sys.executable, "-m", "pytest", "-q", "-m", "not slow", "-p", "no:cacheprovider", *tests]
    again = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, text=True, check=False)
    assert again.returncode == 0, again.stdout
