import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings
from appliance.signals import child_environment
from appliance.store import processes
from appliance.types import CommentId

NAME = "whisper-base"
Run = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def delivered() -> Path:
    try:
        return find_model(NAME, Settings())
    except ModelError as error:
        pytest.skip(f"{error}")


@pytest.fixture
def shelf(tmp_path: Path, delivered: Path) -> Path:
    """The box's own copy of the model."""
    return Path(shutil.copytree(delivered, tmp_path / "models" / NAME))


@pytest.fixture
def run(box: MadeUp, shelf: Path) -> Iterator[Run]:
    """`efterklang …` on the box; all of them end with the test."""
    started: list[subprocess.Popen[str]] = []
    environment = child_environment() | {"EFTERKLANG_MODELS": f"{shelf.parent}"}
    environment.pop("EFTERKLANG_CONFIG", None)

    def start(*arguments: str) -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "appliance", "--storage", f"{box.directory}", *arguments]
        started.append(subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def state_of(box: MadeUp, comment: CommentId) -> str:
    return str(box.db.execute("SELECT state FROM comments WHERE id = ?", [comment]).fetchone()[0])


def wait(until: Callable[[], object], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not until():
        assert time.monotonic() < deadline, "it did not come to that"
        time.sleep(0.2)


@pytest.mark.slow  # the analyst looks for a mended model every half minute
def test_a_flipped_bit_stops_the_next_start_only_and_a_repair_needs_none(
    box: MadeUp, speak: Speak, run: Run, shelf: Path, delivered: Path
) -> None:
    analyst = run("analyst")
    first = speak("01-trevlig.wav")
    wait(lambda: state_of(box, first) == "done", 90)

    weights = shelf / "model.bin"
    with weights.open("r+b") as file:
        file.seek(100_000_000)
        byte = file.read(1)[0]
        file.seek(100_000_000)
        file.write(bytes([byte ^ 1]))
        os.fsync(file.fileno())
    second = speak("02-halvtimme.wav")
    wait(lambda: state_of(box, second) == "done", 60)  # what it has loaded is whole

    analyst.send_signal(signal.SIGKILL)
    analyst.wait()
    run("analyst")
    third = speak("03-losning.wav")
    wait(lambda: processes.missing_model(box.db, datetime.now(UTC)), 60)
    assert f"{weights}: its SHA-256 is wrong" in (processes.missing_model(box.db, datetime.now(UTC)) or "")

    check = run("check", "--json")
    said, _ = check.communicate(timeout=60)
    (found,) = [each for each in json.loads(said)["checks"] if each["check"] == "models"]
    assert check.returncode == 1
    assert found["issues"][0]["severity"] == "error"
    assert f"{weights}" in found["issues"][0]["what"]
    assert found["issues"][0]["todo"] == f"run: efterklang models install {NAME}"
    assert state_of(box, third) == "recorded"

    assert run("models", "install", NAME, "--from", f"{delivered}").wait(60) == 0
    wait(lambda: state_of(box, third) == "done", 90)
    assert processes.missing_model(box.db, datetime.now(UTC)) is None
