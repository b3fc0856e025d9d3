from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from appliance import machine
from appliance.catalog import write_manifest
from appliance.health import Context, Severity
from appliance.health.checks import models
from appliance.store import Database, processes

Box = Callable[..., Context]


@pytest.fixture
def box(practice: Box, storage: Path, monkeypatch: pytest.MonkeyPatch) -> Context:
    """A box with two small models of its own."""
    monkeypatch.delenv("EFTERKLANG_MODELS", raising=False)
    for name in ("our-speech", "our-opinions"):
        folder = storage / "models" / name
        folder.mkdir(parents=True)
        (folder / "model.bin").write_bytes(b"weights" * 1000)
        write_manifest(folder, ["model.bin"])
    return practice(speech={"model": "our-speech"}, opinions={"model": "our-opinions"})


def test_whole_models_are_well(box: Context) -> None:
    assert list(models.run(box)) == []


@pytest.mark.parametrize("name", ["our-speech", "our-opinions"])
def test_one_flipped_bit_is_found(box: Context, storage: Path, name: str) -> None:
    path = storage / "models" / name / "model.bin"
    data = bytearray(path.read_bytes())
    data[3333] ^= 1
    path.write_bytes(data)

    issues = list(models.run(box))

    assert len(issues) == 1
    assert issues[0].where.endswith(name)
    assert f"{path}" in issues[0].what


def test_a_missing_model_is_named_with_the_command_that_installs_it(practice: Box) -> None:
    box = practice(speech={"model": "kb-whisper-small"})
    issue = next(iter(models.run(box)))
    assert issue.where == "speech.model kb-whisper-small"
    assert issue.todo == "run: efterklang models install kb-whisper-small"


def test_an_analyst_that_still_waits_for_a_whole_model_is_told(box: Context, db: Database) -> None:
    box = replace(box, db=db)
    processes.begin(db, "analyst", 1, box.now)
    processes.beat(db, "analyst", "listening", box.now)
    assert list(models.run(box)) == []
    processes.beat(db, "analyst", f"{processes.WAITS_FOR_MODEL}: model.bin: Permission denied; mend it", box.now)
    (issue,) = models.run(box)
    assert issue.what == "the analyst waits: model.bin: Permission denied"
    assert issue.todo == "mend it"


@pytest.mark.parametrize(("memory_bytes", "found"), [(8_000_000_000, 0), (2_000_000_000, 1)])
def test_a_model_too_large_for_the_machine_is_told(
    practice: Box, monkeypatch: pytest.MonkeyPatch, memory_bytes: int, found: int
) -> None:
    monkeypatch.setattr(machine, "memory_bytes", lambda: memory_bytes)
    issues = [issue for issue in models.run(practice(speech={"model": "kb-whisper-large"})) if "memory" in issue.what]
    assert [issue.severity for issue in issues] == [Severity.WARNING] * found
    assert all("the machine has 2000 MB" in issue.what for issue in issues)
