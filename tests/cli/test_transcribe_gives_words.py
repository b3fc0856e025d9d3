import json
import subprocess
import sys
from pathlib import Path

import pytest

import appliance
from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings

COMMENTS = Path(appliance.__file__).parent / "practice" / "comments"
_COMMAND = [sys.executable, "-c", "from appliance.cli import main; main()"]


def run(*arguments: str | Path) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, as a user runs it."""
    return subprocess.run([*_COMMAND, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=120)


@pytest.fixture
def model() -> None:
    try:
        find_model("whisper-base", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")


@pytest.fixture
def no_sound(tmp_path: Path) -> Path:
    path = tmp_path / "note.wav"
    path.write_text("not a sound")
    return path


def test_good_files_are_read_although_one_between_them_is_no_sound(model: None, no_sound: Path) -> None:
    good = sorted(COMMENTS.glob("*.wav"))[:2]
    result = run("transcribe", "--json", good[0], no_sound, good[1])
    assert result.returncode == 1
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["file"] for row in rows] == [str(path) for path in good]
    assert all(row.keys() == {"file", "text", "audio_seconds", "seconds"} for row in rows)
    assert all(row["text"] and row["audio_seconds"] > 1 and row["seconds"] > 0 for row in rows)
    assert f"{no_sound}: not a WAV file" in result.stderr.splitlines()


def test_without_json_a_line_is_the_file_and_its_words(model: None) -> None:
    path = min(COMMENTS.glob("*.wav"))
    result = run("transcribe", path)
    assert result.returncode == 0
    assert result.stdout.startswith(f"{path}: ")
    assert len(result.stdout.splitlines()) == 1


def test_a_file_that_does_not_exist_is_a_usage_error(tmp_path: Path) -> None:
    result = run("transcribe", tmp_path / "nowhere.wav")
    assert result.returncode == 2
    assert "does not exist" in result.stderr
    assert result.stdout == ""


def test_a_missing_model_is_one_line_with_the_command_that_installs_it(
    tmp_path: Path, no_sound: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.delenv("EFTERKLANG_MODELS", raising=False)
    result = run("--storage", tmp_path / "var", "transcribe", no_sound)
    assert result.returncode == 1
    assert result.stderr == (
        "efterklang: model whisper-base is not installed; run: efterklang models install whisper-base\n"
    )
