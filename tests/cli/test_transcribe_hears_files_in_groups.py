"""With an engine that says how long each sound is."""

import json
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import appliance.speech
from appliance.cli.transcribe import transcribe
from appliance.settings import Settings
from appliance.sound import Sound, write_wav
from appliance.speech import Transcript
from appliance.speech.transcript import Word


class _Engine:
    languages: tuple[str, ...] = ("sv", "en")

    def __init__(self) -> None:
        self.asked: set[str] = set()
        self.stopped = threading.Event()
        self.groups: list[float] = []
        self.at_once = self.most_at_once = 0
        self.is_beside = threading.Event()
        self.awaits_company = False
        self._lock = threading.Lock()

    def transcribe_all(self, sounds: list[Sound], language: str) -> list[Transcript]:
        with self._lock:
            self.asked.add(language)
            self.groups.append(sum(sound.seconds for sound in sounds))
            is_first = len(self.groups) == 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        if is_first and self.awaits_company:  # the first is not the first to end
            assert self.is_beside.wait(60), "no second group was begun"
        with self._lock:
            self.at_once -= 1
        self.heard(sounds)
        if not is_first:
            self.is_beside.set()
        return [Transcript((Word(f"{sound.seconds:g}", 0.9),), language, sound.seconds) for sound in sounds]

    def heard(self, sounds: list[Sound]) -> None:
        pass

    def stop(self) -> None:
        self.stopped.set()


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> _Engine:
    engine = _Engine()
    monkeypatch.setattr(appliance.speech, "load_engine", lambda _settings: engine)
    return engine


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Fifty of ten to sixty seconds; one of them is no sound."""
    found = []
    for number in range(50):
        found.append(tmp_path / f"{number:02}.wav")
        write_wav(found[-1], np.zeros((10 + number) * 8000, np.float32))
    found[20].write_bytes(b"ID3")
    return found


def _run(*files: str | Path) -> Result:
    return CliRunner().invoke(transcribe, ["--json", *map(str, files)], obj=Settings(), catch_exceptions=False)


def test_lines_come_in_the_order_of_the_files_whichever_group_ends_first(engine: _Engine, files: list[Path]) -> None:
    engine.awaits_company = True
    result = _run(*files)
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert [row["file"] for row in rows] == [str(file) for file in files if file.stem != "20"]
    assert all(row["text"] == f"{row['audio_seconds']:g}" for row in rows)
    assert result.exit_code == 1
    assert f"{files[20]}: not a WAV file" in result.stderr.splitlines()


def test_a_group_is_minutes_of_sound_and_two_are_at_work_at_once(engine: _Engine, files: list[Path]) -> None:
    engine.awaits_company = True
    _run(*files)
    *whole, last = engine.groups
    assert all(300 <= seconds < 360 for seconds in whole)
    assert 0 < last < 360
    assert sum(engine.groups) == sum(10 + number for number in range(50)) - 30
    assert engine.most_at_once == 2


def test_what_takes_long_says_how_far_it_has_come(
    engine: _Engine, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.cli.transcribe._QUIET_SECONDS", 0)
    told = [line for line in _run(*files[:20]).stderr.splitlines() if line.endswith(" done")]
    assert told == ["17 of 20 done"]


def test_a_single_file_is_named_while_it_is_listened_to(engine: _Engine, files: list[Path]) -> None:
    assert _run(files[40]).stderr == f"{files[40]}: listening to 50 s\n"
    assert _run(files[0]).stderr == ""


def test_files_that_were_refused_are_done_too(
    engine: _Engine, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("appliance.cli.transcribe._QUIET_SECONDS", 0)
    told = [line for line in _run(*files[:17], files[20], files[20]).stderr.splitlines() if line.endswith(" done")]
    assert told == []
    told = [line for line in _run(*files[:18], files[20]).stderr.splitlines() if line.endswith(" done")]
    assert told == ["18 of 19 done"]


def test_whoever_stops_it_does_not_wait_for_the_rest(
    engine: _Engine, files: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    waited = []

    def second_waits(sounds: list[Sound]) -> None:
        if sum(sound.seconds for sound in sounds) < 300:
            waited.append(engine.stopped.wait(20))

    def stop(_text: str, **_options: bool) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(engine, "heard", second_waits)
    monkeypatch.setattr("appliance.cli.transcribe._rows", lambda *_: iter([{}]))
    monkeypatch.setattr("appliance.cli.transcribe._say_how_long", lambda _: None)
    monkeypatch.setattr("appliance.cli.transcribe.click.echo", stop)
    began = time.monotonic()
    assert CliRunner().invoke(transcribe, ["--json", *map(str, files[:20])], obj=Settings()).exit_code == 1
    assert engine.stopped.is_set()
    assert time.monotonic() - began < 15
    assert all(waited)


def test_a_model_of_one_language_hears_that_and_any_code_may_be_asked_for(engine: _Engine, files: list[Path]) -> None:
    assert _run(files[0]).exit_code == 0
    engine.languages = ("ko",)
    assert _run(files[0]).exit_code == 0
    assert engine.asked == {"sv", "ko"}
    engine.languages = ("sv", "fi")
    assert _run("--language", "fi", files[0]).exit_code == 0
    assert engine.asked == {"sv", "ko", "fi"}
