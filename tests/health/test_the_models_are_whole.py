from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.catalog import write_manifest
from appliance.health import Context
from appliance.health.checks import models

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
