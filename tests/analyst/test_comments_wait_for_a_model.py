import logging
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance import service
from appliance.analyst import worker
from appliance.analyst.hearing import Bench, work_once
from appliance.analyst.worker import run
from appliance.settings import OpinionsSettings, Settings, SpeechSettings
from appliance.speech.engine import Engine
from appliance.store import comments, processes
from appliance.types import CommentState, Language

MISSING = {"speech": SpeechSettings(model="no-such-model")}


def turns(count: int, seen: Callable[[], object] = lambda: None) -> Callable[[], bool]:
    """Lets the analyst's loop turn so often; `seen` looks at it each time."""
    left = iter(range(count))

    def should_stop() -> bool:
        seen()
        return next(left, None) is None

    return should_stop


def errors(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]


@pytest.mark.parametrize("update", [MISSING, {"opinions": OpinionsSettings(model="no-such-model")}])
def test_without_a_model_they_stay_as_they_are_and_one_line_says_why(
    box: MadeUp, settings: Settings, speak: Speak, caplog: pytest.LogCaptureFixture, update: dict[str, object]
) -> None:
    speak(bytes(16_000))
    before = box.db.execute("SELECT * FROM comments").fetchall()
    run(box.db, box.keys, settings.model_copy(update=update), turns(3))
    assert box.db.execute("SELECT * FROM comments").fetchall() == before
    (line,) = errors(caplog)
    assert line.startswith("comments wait: ")
    assert "\n" not in line


def test_the_analyst_itself_lives_on_and_says_so(box: MadeUp, settings: Settings) -> None:
    notes: set[str] = set()

    def is_told() -> bool:
        notes.update(beat.note for beat in processes.all_beats(box.db))
        return any(note.startswith("waits for a model: no model is called 'no-such-model'") for note in notes)

    deadline = time.monotonic() + 20
    run(box.db, box.keys, settings.model_copy(update=MISSING), lambda: is_told() or time.monotonic() > deadline)
    assert is_told(), notes
    assert processes.all_beats(box.db) == []


def test_a_model_that_does_not_speak_the_interviews_language_is_as_good_as_none(
    box: MadeUp,
    settings: Settings,
    speak: Speak,
    bench: Bench,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(worker, "load_engine", lambda _: Engine("ours", "", ("sv",), bench.engine.recogniser))
    speak(bytes(16_000))
    survey = settings.survey.model_copy(update={"language": Language.ENGLISH})
    run(box.db, box.keys, settings.model_copy(update={"survey": survey}), turns(3))
    assert errors(caplog) == ["comments wait: model ours speaks sv, not en; set speech.model"]
    assert comments.count_by_state(box.db) == {CommentState.RECORDED: 1}


def test_a_comment_in_a_language_that_the_model_does_not_speak_waits_while_others_are_heard(
    box: MadeUp, bench: Bench, speak: Speak
) -> None:
    english = speak(bytes(16_000))
    box.db.execute("UPDATE interviews SET language = 'en'")
    speak(bytes(16_000))
    bench = replace(bench, engine=Engine("ours", "", ("sv",), bench.engine.recogniser))
    assert [work_once(bench) for _ in range(2)] == [True, False]
    assert comments.count_by_state(box.db) == {CommentState.RECORDED: 1, CommentState.NO_SPEECH: 1}
    assert box.db.execute("SELECT tries FROM comments WHERE id = ?", (english,)).fetchone() == (0,)


def test_systemd_does_not_wait_for_the_models_to_be_read(
    box: MadeUp, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    at_loading: list[list[str]] = []
    monkeypatch.setattr(service, "ready", told.append)
    monkeypatch.setattr(worker, "_load", lambda *_: at_loading.append([*told]) or (None, "waits"))
    run(box.db, box.keys, settings, turns(2))
    assert at_loading == [["reads its models"]]


def test_a_damaged_model_is_as_good_as_none(
    tmp_path: Path,
    box: MadeUp,
    settings: Settings,
    speak: Speak,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = tmp_path / "models" / "own-whisper"
    model.mkdir(parents=True)
    (model / "model.bin").write_bytes(b"not what it was")
    (model / "manifest.json").write_text('{"files": {"model.bin": "' + "0" * 64 + '"}, "engine": "whisper"}')
    monkeypatch.setenv("EFTERKLANG_MODELS", str(model.parent))
    speak(bytes(16_000))
    run(box.db, box.keys, settings.model_copy(update={"speech": SpeechSettings(model="own-whisper")}), turns(2))
    (line,) = errors(caplog)
    assert "model.bin: its SHA-256 is wrong" in line
    assert comments.count_by_state(box.db) == {CommentState.RECORDED: 1}
