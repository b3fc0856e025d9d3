from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from appliance import machine
from appliance.catalog import Calibration, keep_calibration, read_manifest, write_manifest
from appliance.health import Context, Issue, Severity
from appliance.health.checks import models
from appliance.store import Database, comment_queue, processes
from appliance.types import Language

Box = Callable[..., Context]


@pytest.fixture
def box(practice: Box, storage: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A box with two small models of its own."""
    monkeypatch.delenv("EFTERKLANG_MODELS", raising=False)
    for name in ("our-speech", "our-opinions"):
        folder = storage / "models" / name
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(b"weights" * 1000)
        write_manifest(folder, ["model.bin"], languages=["sv"])
    return practice(speech={"model": "our-speech"}, opinions={"model": "our-opinions"})


def issues(box: Context) -> list[Issue]:
    return [found for found in models.run(box) if isinstance(found, Issue)]


def test_whole_models_are_well_and_it_is_said_when_they_were_read(box: Context) -> None:
    assert issues(box) == []
    (speech, opinions) = models.run(box)
    assert f"{speech}".startswith("our-speech, every byte read 20")
    assert f"{opinions}".startswith("our-opinions, every byte read 20")


@pytest.mark.parametrize("name", ["our-speech", "our-opinions"])
def test_one_flipped_bit_is_found(box: Context, storage: Path, name: str) -> None:
    path = storage / "models" / name / "model.bin"
    data = bytearray(path.read_bytes())
    data[3333] ^= 1
    path.write_bytes(data)

    (found,) = issues(box)
    assert found.where.endswith(name)
    assert f"{path}" in found.what


def test_a_missing_model_is_named_with_the_command_that_installs_it(practice: Box) -> None:
    box = practice(speech={"model": "kb-whisper-small"})
    issue = issues(box)[0]
    assert issue.where == "speech.model kb-whisper-small"
    assert issue.todo == "run: efterklang models install kb-whisper-small"


def test_an_analyst_that_still_waits_for_a_whole_model_is_told(box: Context, db: Database) -> None:
    box = replace(box, db=db)
    processes.begin(db, "analyst", 1, box.now)
    processes.beat(db, "analyst", "listening", box.now)
    assert issues(box) == []
    processes.beat(db, "analyst", f"{processes.WAITS_FOR_MODEL}: model.bin: Permission denied; mend it", box.now)
    (issue,) = issues(box)
    assert issue.what == "the analyst waits: model.bin: Permission denied"
    assert issue.todo == "mend it"


def test_a_killed_analyst_waits_for_nothing(box: Context, db: Database) -> None:
    killed_at = box.now - timedelta(seconds=31)
    processes.begin(db, "analyst", 1, killed_at)
    processes.beat(db, "analyst", f"{processes.WAITS_FOR_MODEL}: it is gone; mend it", killed_at)
    assert issues(replace(box, db=db)) == []


def test_an_analyst_with_another_model_than_the_one_set_is_told(box: Context, db: Database) -> None:
    box = replace(box, db=db)
    processes.begin(db, "analyst", 1, box.now)
    processes.beat(db, "analyst", "listening", box.now, "our-speech")
    assert issues(box) == []
    processes.beat(db, "analyst", "listening", box.now, "whisper-base")
    (issue,) = issues(box)
    assert issue.what == "the analyst still works with whisper-base"
    assert issue.todo == "restart it: systemctl restart efterklang-analyst"


def test_a_language_that_the_model_does_not_speak_is_told(practice: Box, box: Context) -> None:
    spoken = {"speech": {"model": "our-speech"}, "opinions": {"model": "our-opinions"}}
    (issue,) = issues(practice(survey={"language": "en"}, **spoken))
    assert issue.severity is Severity.ERROR
    assert issue.what == "our-speech speaks sv, not en: comments in it wait"


def test_so_is_one_that_only_a_comment_waits_in(box: Context, db: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    box = replace(box, db=db)
    assert issues(box) == []
    monkeypatch.setattr(comment_queue, "languages", lambda _: {Language.ENGLISH})
    (issue,) = issues(box)
    assert issue.what == "our-speech speaks sv, not en: comments in it wait"


@pytest.mark.parametrize(("memory_bytes", "found"), [(8_000_000_000, 0), (2_000_000_000, 1)])
def test_a_model_too_large_for_the_machine_is_told(
    practice: Box, monkeypatch: pytest.MonkeyPatch, memory_bytes: int, found: int
) -> None:
    monkeypatch.setattr(machine, "memory_bytes", lambda: memory_bytes)
    told = [issue for issue in issues(practice(speech={"model": "kb-whisper-large"})) if "memory" in issue.what]
    assert [issue.severity for issue in told] == [Severity.WARNING] * found
    assert all("the machine has 2000 MB" in issue.what for issue in told)


@pytest.mark.parametrize(("times_real_time", "found"), [(1.4, 1), (21.0, 0)])
def test_a_model_too_slow_for_the_machine_is_told(
    box: Context, storage: Path, monkeypatch: pytest.MonkeyPatch, times_real_time: float, found: int
) -> None:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(storage / "models"))
    about = {"workers": 2, "beam": 1, "batch": 2, "error_rate": 0.1, "sound_seconds": 60, "made_at": box.now}
    kept = Calibration.model_validate({**about, "times_real_time": times_real_time})
    keep_calibration(box.settings, read_manifest(storage / "models" / "our-speech").digest, kept)
    told = issues(box)
    assert [issue.severity for issue in told] == [Severity.WARNING] * found
    assert all("hears 1.4 seconds of speech a second" in issue.what for issue in told)
    if not found:
        assert "our-speech is heard at 21 times real time" in [f"{each}" for each in models.run(box)]
