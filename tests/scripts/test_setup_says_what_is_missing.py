import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., "subprocess.CompletedProcess[str]"]
Programs = Callable[[str, str], Path]


def the_line(done: "subprocess.CompletedProcess[str]", code: int) -> str:
    """The one line on stderr that ended it with that exit code."""
    assert (done.returncode, done.stdout) == (code, "")
    (line,) = done.stderr.splitlines()
    return line.removeprefix("setup: ")


@pytest.mark.parametrize("version", ["3.9.2", "3.10.12", "3.13.5", "3.110.0"])
def test_another_python_is_named_with_what_is_needed(setup: Run, programs: Programs, version: str) -> None:
    folder = programs("python", f'echo "{version} /usr"')
    line = the_line(setup(PYTHON=f"{folder}/python"), 1)
    assert line.startswith(f"needs Python 3.11 or 3.12, found {folder}/python {version}.")
    assert "apt-get install python3 python3-venv" in line


def test_a_python_that_does_not_run_is_none(setup: Run, programs: Programs) -> None:
    folder = programs("python", "echo 'command not found' >&2; exit 127")
    assert f"found no {folder}/python" in the_line(setup(PYTHON=f"{folder}/python"), 1)


@pytest.mark.parametrize("version", ["3.11.2", "3.12.9"])
def test_a_python_that_makes_no_environments_is_named_with_the_package(
    setup: Run, programs: Programs, version: str
) -> None:
    lines = f'case $2 in *ensurepip*) exit 1 ;; *_base_executable*) echo "$0" ;; *) echo "{version} /usr" ;; esac'
    folder = programs("python", lines)
    line = the_line(setup(PYTHON=f"{folder}/python"), 1)
    assert line.startswith(f"{folder}/python cannot make virtual environments. Run: apt-get install python3-venv")


def test_the_first_fitting_python_in_the_path_is_taken(setup: Run, programs: Programs) -> None:
    programs("python3", 'echo "3.13.5 /usr"')
    folder = programs(
        "python3.12", 'case $2 in *ensurepip*) exit 1 ;; *_base_executable*) echo "$0" ;; *) echo "3.12.9 /usr" ;; esac'
    )
    assert the_line(setup(path=folder), 1).startswith(f"{folder}/python3.12 cannot make")


def test_the_python_of_an_environment_that_is_there_is_kept(setup: Run, programs: Programs, checkout: Path) -> None:
    folder = programs("python3", 'echo "3.11.2 /usr"')
    kept = checkout / ".venv" / "bin" / "python"
    kept.parent.mkdir(parents=True)
    lines = f'case $2 in *ensurepip*) exit 1 ;; *_base_executable*) echo {folder}/own ;; *) echo "3.12.9 /opt" ;; esac'
    programs("own", lines).joinpath("own").rename(kept)
    programs("own", lines)
    assert the_line(setup(path=folder), 1).startswith(f"{folder}/own cannot make")


def test_another_processor_is_named(setup: Run, programs: Programs) -> None:
    programs("python3", 'case $2 in *_base_executable*) echo "$0" ;; *) echo "3.11.2 /usr" ;; esac')
    folder = programs("uname", "echo Linux aarch64")
    assert the_line(setup(path=folder), 1).startswith("needs Linux on x86-64")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--bogus"], "unknown option --bogus"),
        (["--extra"], "--extra needs a name"),
        (["--extra", "gold"], "pyproject.toml has no extra called gold"),
    ],
)
def test_a_wrong_option_is_a_usage_error(setup: Run, options: list[str], complaint: str) -> None:
    assert the_line(setup(*options), 2) == f"{complaint}; usage: scripts/setup [--extra NAME]..."


def test_a_package_index_that_does_not_answer_is_named_and_nothing_is_called_ready(setup: Run, checkout: Path) -> None:
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1"}
    done = setup(**nowhere, PIP_CONFIG_FILE="/dev/null", PIP_FIND_LINKS="")
    assert done.returncode == 1
    *_, error, last = done.stderr.splitlines()
    assert error.startswith("ERROR: No matching distribution found")
    assert last == "setup: pip could not install the packages, for the reason above; .venv/pip.log has every step"
    assert not (checkout / ".venv" / "setup-stamp").exists()
