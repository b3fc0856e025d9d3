import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from made_up import MadeUp

from appliance.catalog import write_manifest
from appliance.cli import root
from appliance.errors import ModelError

NAMES = ("our-speech", "our-opinions")


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Two small models, and a configuration that names them."""
    shelf = tmp_path / "shelf"
    monkeypatch.setenv("EFTERKLANG_MODELS", str(shelf))
    for name in NAMES:
        (shelf / name).mkdir(parents=True)
        (shelf / name / "model.bin").write_bytes(b"weights")
        write_manifest(shelf / name, ["model.bin"])
    said = '[speech]\nmodel = "our-speech"\n[opinions]\nmodel = "our-opinions"\n'
    (tmp_path / "box.toml").write_text(said)
    return shelf


@pytest.mark.parametrize("damaged", [(), NAMES[:1], NAMES[1:], NAMES])
def test_a_damaged_one_does_not_keep_the_other_from_being_read(
    box: MadeUp, tmp_path: Path, shelf: Path, damaged: tuple[str, ...]
) -> None:
    for name in damaged:
        (shelf / name / "model.bin").write_bytes(b"wEights")
    command = ["--config", str(tmp_path / "box.toml"), "--storage", str(box.directory), "nightly"]
    done = CliRunner().invoke(root, command)
    assert isinstance(done.exception, ModelError) is bool(damaged)
    for name in NAMES:
        assert (f"{shelf / name / 'model.bin'}: " in f"{done.exception}") is (name in damaged)
    noted = box.directory / "verified-models.json"
    read = set(json.loads(noted.read_bytes())) if noted.exists() else set()
    assert read == {f"{shelf / name}" for name in NAMES if name not in damaged}
