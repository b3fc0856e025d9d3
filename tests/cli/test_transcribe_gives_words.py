import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import appliance
from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings

COMMENTS = Path(appliance.__file__).parent / "practice" / "comments"
KEYS = {
    *("file", "text", "audio_seconds", "seconds", "language"),
    *("confidence", "is_uncertain", "doubts", "words"),
}
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
    assert all(row.keys() == KEYS for row in rows)
    assert all(row["text"] and row["audio_seconds"] > 1 and row["seconds"] > 0 for row in rows)
    for row in rows:
        assert row["language"] == "sv"
        assert " ".join(word["word"] for word in row["words"]) == row["text"]
        assert all(0 <= word["confidence"] <= 1 for word in row["words"])
        assert 0.5 < row["confidence"] <= 1
        assert row["is_uncertain"] is bool(row["doubts"])
    assert f"{no_sound}: not a WAV file" in result.stderr.splitlines()


def test_without_json_a_line_is_the_file_and_its_words(model: None) -> None:
    path = min(COMMENTS.glob("*.wav"))
    result = run("transcribe", path)
    assert result.returncode == 0
    assert result.stdout.startswith(f"{path}: ")
    assert len(result.stdout.splitlines()) == 1


def test_the_seconds_of_all_files_are_the_time_that_passed(model: None) -> None:
    began = time.perf_counter()
    result = run("transcribe", "--json", *sorted(COMMENTS.glob("*.wav"))[:6])
    took = time.perf_counter() - began
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert took - 15 < sum(row["seconds"] for row in rows) < took
    paces = [row["seconds"] / row["audio_seconds"] for row in rows]
    assert max(paces) < 1.05 * min(paces)


def test_what_is_no_regular_file_is_a_line_and_the_others_are_heard(model: None, tmp_path: Path) -> None:
    pipe, empty, lie = tmp_path / "pipe", tmp_path / "empty.wav", tmp_path / "lie.wav"
    os.mkfifo(pipe)
    empty.touch()
    data = bytearray(min(COMMENTS.glob("*.wav")).read_bytes())
    data[40:44] = (2**31).to_bytes(4, "little")
    lie.write_bytes(data)
    good = min(COMMENTS.glob("*.wav"))
    result = run("transcribe", pipe, "/dev/zero", empty, good, lie)
    assert result.returncode == 1
    assert [line.partition(":")[0] for line in result.stdout.splitlines()] == [str(good)]
    assert result.stderr.splitlines() == [
        f"{pipe}: not a file with sound in it",
        "/dev/zero: not a file with sound in it",
        f"{empty}: not a WAV file",
        f"{lie}: truncated WAV file: {len(data) - 44} of {2**31} bytes of sound",
    ]


def test_a_name_that_is_no_utf_8_is_written_as_near_as_can_be(model: None, tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/r\xe4tt.wav"))
    path.write_bytes(min(COMMENTS.glob("*.wav")).read_bytes())
    result = run("transcribe", "--json", path)
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)["file"] == f"{tmp_path}/r\N{REPLACEMENT CHARACTER}tt.wav"


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


def test_ctrl_c_ends_it_in_one_line(model: None) -> None:
    long = [path for path in sorted(COMMENTS.glob("*.wav")) for _ in range(4)]
    process = subprocess.Popen(
        [*_COMMAND, "transcribe", *map(str, long)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        assert process.stderr is not None
        assert "listening to" in process.stderr.readline()
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert told.splitlines()[-1] == "efterklang: stopped"
    assert "Traceback" not in told
