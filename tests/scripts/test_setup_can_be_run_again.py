import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

HOUSE = Path(__file__).parents[2]
pytestmark = pytest.mark.slow
MAX_SECONDS = 3.0


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A fresh clone in which scripts/setup was killed half-way and then run to its end."""
    folder = tmp_path_factory.mktemp("fresh") / "clone"
    subprocess.run(["git", "clone", "--quiet", "--no-hardlinks", HOUSE, folder], check=True)
    killed = subprocess.Popen([folder / "scripts" / "setup"], stderr=subprocess.DEVNULL, start_new_session=True)
    while not list(folder.glob(".venv/lib/python3.*/site-packages/*.dist-info")):
        time.sleep(0.05)
    time.sleep(2)  # some way into pip's work
    os.killpg(killed.pid, 9)
    killed.wait()
    subprocess.run([folder / "scripts" / "setup"], check=True)
    yield folder
    shutil.rmtree(folder)


def test_the_second_run_is_quick_and_needs_no_network(clone: Path) -> None:
    alone = ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*alone, "true"], capture_output=True, check=False).returncode:
        pytest.skip("needs a network namespace of its own: unshare --net")
    begun = time.monotonic()
    done = subprocess.run([*alone, clone / "scripts" / "setup"], capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begun
    assert (done.returncode, done.stdout) == (0, "")
    assert done.stderr.endswith("setup: ready\n")
    assert seconds < MAX_SECONDS


def test_what_was_killed_and_run_again_is_whole(clone: Path) -> None:
    program = clone / ".venv" / "bin"
    assert subprocess.run([program / "python", "-m", "pip", "check"], capture_output=True, check=False).returncode == 0
    assert subprocess.run([program / "efterklang", "--help"], capture_output=True, check=False).returncode == 0


def test_a_damaged_environment_is_made_again(clone: Path) -> None:
    (clone / ".venv" / "bin" / "efterklang").unlink()
    done = subprocess.run([clone / "scripts" / "setup"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (clone / ".venv" / "bin" / "efterklang").exists()
