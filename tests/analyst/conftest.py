from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from made_up import NOW, MadeUp
from spoken import Speak, pcm_of

from appliance.analyst import worker
from appliance.analyst.hearing import Bench
from appliance.custody.recordings import encrypt_recording
from appliance.errors import ModelError
from appliance.opinions import load_classifier
from appliance.settings import Settings, StorageSettings
from appliance.speech.engine import Engine, load_engine
from appliance.speech.transcript import Heard, Piece
from appliance.store import comments
from appliance.types import CommentId


class NobodyRecogniser:
    """For recordings that must not come as far as recognition."""

    longest_seconds = 27.0
    is_modest = False

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        assert not pieces, f"there is nothing to recognise in {language}"
        return []


@pytest.fixture
def settings(box: MadeUp) -> Settings:
    return Settings(storage=StorageSettings(directory=box.directory))


@pytest.fixture
def bench(box: MadeUp, settings: Settings) -> Bench:
    engine = Engine("nobody", "", ("sv", "en"), NobodyRecogniser())
    return Bench(box.db, box.keys, settings, engine, load_classifier(settings))


@pytest.fixture(scope="session")
def whisper() -> Engine:
    try:
        return load_engine(Settings())
    except ModelError as error:
        pytest.skip(f"{error}")


@pytest.fixture
def hearing_bench(bench: Bench, whisper: Engine) -> Bench:
    """With the models that are delivered."""
    return replace(bench, engine=whisper)


@pytest.fixture
def speak(box: MadeUp) -> Speak:
    def leave(spoken: str | bytes, at: datetime = NOW) -> CommentId:
        recording = encrypt_recording(box.keys, box.directory, pcm_of(spoken))
        return comments.add(box.db, box.ended(at=at), recording, at)

    return leave


@pytest.fixture(autouse=True)
def no_modesty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The analyst makes its process modest for good; the tests that come after it shall not wait."""
    monkeypatch.setattr(worker, "step_back", lambda **_: None)
