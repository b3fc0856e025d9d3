import shutil
from pathlib import Path

import pytest
from shipped import SHIPPED

from appliance.catalog import write_manifest
from appliance.errors import ModelError
from appliance.opinions import load_classifier
from appliance.opinions.model import FILES
from appliance.settings import OpinionsSettings, Settings, StorageSettings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(storage=StorageSettings(directory=tmp_path))


@pytest.fixture
def model(settings: Settings) -> Path:
    directory = settings.storage.directory / "models" / "opinions-sv"
    directory.mkdir(parents=True)
    for name in (*FILES, "manifest.json"):
        shutil.copy(SHIPPED / name, directory)
    return directory


def _refusal(settings: Settings) -> str:
    with pytest.raises(ModelError) as refused:
        load_classifier(settings)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_sound_copy_is_accepted(settings: Settings, model: Path) -> None:
    assert load_classifier(settings).classify("Hon var trevlig.")


@pytest.mark.parametrize("name", FILES)
def test_one_wrong_byte_is_refused(settings: Settings, model: Path, name: str) -> None:
    content = bytearray((model / name).read_bytes())
    content[len(content) // 2] ^= 1
    (model / name).write_bytes(content)
    assert name in _refusal(settings)


@pytest.mark.parametrize("name", [*FILES, "manifest.json"])
def test_a_missing_file_is_refused(settings: Settings, model: Path, name: str) -> None:
    (model / name).unlink()
    assert name in _refusal(settings)


@pytest.mark.parametrize("name", [name for name in FILES if name != "lexicon.toml"])
def test_parts_that_do_not_fit_together_are_refused(settings: Settings, model: Path, name: str) -> None:
    content = (model / name).read_bytes()
    (model / name).write_bytes(content[: len(content) // 2])
    write_manifest(model, FILES)
    assert "no usable opinions model" in _refusal(settings)


def test_a_lexicon_with_an_unknown_word_list_is_refused(settings: Settings, model: Path) -> None:
    text = (model / "lexicon.toml").read_text("utf-8")
    (model / "lexicon.toml").write_text(text.replace("hedge =", "hedges ="), "utf-8")
    write_manifest(model, FILES)
    assert "no usable lexicon" in _refusal(settings)


def test_a_model_that_is_not_there_is_named(tmp_path: Path) -> None:
    missing = Settings(storage=StorageSettings(directory=tmp_path), opinions=OpinionsSettings(model="opinions-xx"))
    assert "opinions-xx" in _refusal(missing)
