import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_up import MadeUp

from appliance.analyst import modesty
from appliance.catalog import find_model
from appliance.cli import root
from appliance.errors import ModelError, UsageError
from appliance.settings import Settings
from appliance.speech import calibration


def installed(name: str, shelf: Path) -> None:
    try:
        delivered = find_model(name, Settings())
    except ModelError as error:
        pytest.skip(f"{error}")
    (shelf / name).mkdir(parents=True)
    for path in delivered.rglob("*"):
        target = shelf / name / path.relative_to(delivered)
        target.mkdir() if path.is_dir() else target.symlink_to(path)


@pytest.fixture(autouse=True)
def modest(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """How modest it made itself: of the tests' own process there would be no way back."""
    said: list[bool] = []
    monkeypatch.setattr(modesty, "step_back", lambda *, is_idle: said.append(is_idle))
    return said


def test_calls_come_first(box: MadeUp, modest: list[bool]) -> None:
    calibrate = ["--storage", str(box.directory), "models", "calibrate"]
    box.live()
    done = CliRunner().invoke(root, calibrate)
    assert isinstance(done.exception, ModelError)
    assert str(done.exception).startswith("not measured: there are calls")
    assert modest == []


def test_the_delivered_model_is_measured_and_the_list_tells(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, modest: list[bool]
) -> None:
    installed("whisper-base", tmp_path / "models")
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "models"))
    monkeypatch.setattr(calibration, "_PASS_SECONDS", 0.0)
    monkeypatch.setattr(calibration, "_FEWEST", 4)
    monkeypatch.setattr(calibration, "_BATCHES", (2,))
    run = CliRunner()
    box = ["--storage", str(tmp_path / "var"), "models"]
    done = run.invoke(root, [*box, "calibrate", "--json"])
    assert done.exit_code == 0, done.exception
    assert modest == [False]
    found = json.loads(done.stdout)
    assert found["beam"] in {1, 3, 5}
    assert found["batch"] in {1, 2}
    assert found["error_rate"] < 0.5
    assert "times real time" in done.stderr
    rows = {row["name"]: row for row in map(json.loads, run.invoke(root, [*box, "list", "--json"]).stdout.splitlines())}
    assert rows["whisper-base"]["calibration"] == found
    assert rows["kb-whisper-small"]["calibration"] is None
    (line,) = (each for each in run.invoke(root, [*box, "list"]).stdout.splitlines() if each.startswith("whisper-base"))
    assert line.endswith(f"in use, {found['times_real_time']:.1f} times real time")


def test_a_model_of_another_kind_has_no_pace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed("vosk-ko", tmp_path / "models")
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "models"))
    done = CliRunner().invoke(root, ["--storage", str(tmp_path / "var"), "models", "calibrate", "vosk-ko"])
    assert isinstance(done.exception, UsageError)
    assert "nothing to calibrate" in str(done.exception)
