import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from appliance import catalog
from appliance.catalog import _verified, verify_noted, write_manifest
from appliance.errors import ModelError
from appliance.settings import Settings, StorageSettings

DAY = timedelta(days=1)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "models" / "our-speech"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights" * 1000)
    write_manifest(folder, ["model.bin"])
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(storage=StorageSettings(directory=tmp_path))


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How often all bytes have been read."""
    read: list[Path] = []

    def verify(path: Path, *_: object) -> None:
        read.append(path)
        catalog.verify(path)

    monkeypatch.setattr(_verified, "verify", verify)
    return lambda: len(read)


def test_they_are_read_once_a_day_or_whenever_that_is_asked(
    model: Path, settings: Settings, readings: Callable[[], int]
) -> None:
    first = verify_noted(model, settings, DAY)
    assert verify_noted(model, settings, DAY) == first
    assert readings() == 1
    assert verify_noted(model, settings) > first
    assert readings() == 2
    verify_noted(model, settings, timedelta(days=-1))
    assert readings() == 3


def test_a_file_that_was_touched_is_read_whatever_its_date_says(model: Path, settings: Settings) -> None:
    verify_noted(model, settings, DAY)
    weights, before = model / "model.bin", (model / "model.bin").stat()
    with weights.open("r+b") as file:
        file.write(b"W")
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    with pytest.raises(ModelError, match="its SHA-256 is wrong"):
        verify_noted(model, settings, DAY)
    with pytest.raises(ModelError, match="its SHA-256 is wrong"):
        verify_noted(model, settings, DAY)


def test_a_file_that_is_gone_is_missed(model: Path, settings: Settings) -> None:
    verify_noted(model, settings, DAY)
    (model / "model.bin").unlink()
    with pytest.raises(ModelError, match="No such file"):
        verify_noted(model, settings, DAY)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"a": 1}', '{"a": {"at": "x", "stamps": {}}}'])
def test_a_damaged_note_says_nothing(model: Path, settings: Settings, readings: Callable[[], int], text: str) -> None:
    verify_noted(model, settings, DAY)
    (settings.storage.directory / "verified-models.json").write_text(text)
    verify_noted(model, settings, DAY)
    assert readings() == 2
    verify_noted(model, settings, DAY)
    assert readings() == 2


def test_where_nothing_can_be_noted_they_are_read_each_time(
    model: Path, tmp_path: Path, readings: Callable[[], int]
) -> None:
    settings = Settings(storage=StorageSettings(directory=tmp_path / "nowhere"))
    for times in (1, 2):
        verify_noted(model, settings, DAY)
        assert readings() == times


def test_a_folder_that_may_not_be_read_is_one_line(
    model: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(model.parent))
    stat = Path.stat

    def refuse(path: Path, **how: bool) -> os.stat_result:  # as for all users but root
        if path.is_relative_to(model):
            raise PermissionError(errno.EACCES, "Permission denied")
        return stat(path, **how)

    monkeypatch.setattr(Path, "stat", refuse)
    with pytest.raises(ModelError, match=f"^{model}: Permission denied; let the user"):
        catalog.find_model("our-speech", settings)
    with pytest.raises(ModelError, match=f"^{model}: Permission denied; let the user"):
        verify_noted(model, settings)
