from pathlib import Path

import pytest

from appliance import catalog
from appliance.errors import ModelError
from appliance.settings import Settings, SipSettings, StorageSettings


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path / "named"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Settings(storage=StorageSettings(directory=tmp_path / "storage"))


def put(folder: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    catalog.write_manifest(folder, ["model.bin"])
    return folder


def test_the_named_directory_comes_before_the_storage_the_cache_and_the_release(
    tmp_path: Path, settings: Settings
) -> None:
    places = [
        tmp_path / "cache" / "efterklang" / "models",
        tmp_path / "storage" / "models",
        tmp_path / "named",
    ]
    for place in places:
        model = put(place / "opinions-sv")
        assert catalog.find_model("opinions-sv", settings) == model
        assert catalog.installed_models(settings)["opinions-sv"] == model


def test_the_releases_own_model_is_found_and_whole(settings: Settings) -> None:
    catalog.verify(catalog.find_model("opinions-sv", settings))


def test_a_model_not_installed_names_the_command(settings: Settings) -> None:
    with pytest.raises(ModelError, match=r"run: efterklang models install kb-whisper-small$"):
        catalog.find_model("kb-whisper-small", settings)


@pytest.mark.parametrize("name", ["nope", "../storage", "", ".", "/etc", "a/b", "Ö"])
def test_a_name_that_is_no_models_is_told_what_there_is(settings: Settings, name: str) -> None:
    settings.storage.directory.mkdir()
    with pytest.raises(ModelError, match="the catalog has whisper-base, "):
        catalog.find_model(name, settings)


def test_a_configured_box_keeps_its_models_in_its_storage(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert catalog.install_directory(settings) == tmp_path / "named"
    monkeypatch.delenv("EFTERKLANG_MODELS")
    assert catalog.install_directory(settings) == tmp_path / "cache" / "efterklang" / "models"
    configured = settings.model_copy(update={"sip": SipSettings(registrar="sip:127.0.0.1")})
    assert catalog.install_directory(configured) == tmp_path / "storage" / "models"


def test_the_shipped_catalog_says_from_where_and_under_which_licence() -> None:
    entries = catalog.read_catalog()
    assert {"whisper-base", "kb-whisper-small", "vosk-sv"} <= entries.keys()
    for entry in entries.values():
        assert entry.source
        assert entry.licence
        assert entry.languages


def test_the_default_speech_model_is_pinned_to_the_byte() -> None:
    default = catalog.read_catalog()[Settings().speech.model]
    assert all(file.sha256 and file.size for file in default.files.values())
    assert default.languages == ("sv", "en")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[m", "not valid TOML"),
        ('[m]\nengine = "whisper"\n', "m.languages: Field required"),
        ('[m]\nengine = "x"\nlanguages = []\nlicence = ""\nurl = "https://a"\n', "m.engine"),
        ('[m]\nengine = "vosk"\nlanguages = []\nlicence = ""\n', "give one of pypi"),
        ('[m]\nengine = "vosk"\nlanguages = []\nlicence = ""\nurl = "u"\npypi = ["p"]\n', "give one of pypi"),
    ],
)
def test_a_damaged_catalog_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str) -> None:
    monkeypatch.setattr("appliance.catalog._entries.shipped_directory", lambda: tmp_path)
    (tmp_path / "catalog.toml").write_text(text)
    with pytest.raises(ModelError) as refused:
        catalog.read_catalog()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
