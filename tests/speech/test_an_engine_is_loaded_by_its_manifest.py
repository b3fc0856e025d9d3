from pathlib import Path

import pytest
from sounds import comments

from appliance.catalog import MANIFEST, find_model, read_manifest, write_manifest
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings, StorageSettings
from appliance.speech import Engine, load_engine


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.delenv("EFTERKLANG_MODELS", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return Settings(storage=StorageSettings(directory=tmp_path), speech=SpeechSettings(model="our-speech"))


def put(settings: Settings, engine: str) -> Path:
    folder = settings.storage.directory / "models" / "our-speech"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"weights")
    write_manifest(folder, ["model.bin"], engine=engine, languages=["sv"])
    return folder


def refusal(settings: Settings) -> str:
    with pytest.raises(ModelError) as refused:
        load_engine(settings)
    assert "\n" not in str(refused.value)
    return str(refused.value)


def test_a_missing_model_names_the_command_that_installs_it(settings: Settings) -> None:
    missing = settings.model_copy(update={"speech": SpeechSettings(model="whisper-base")})
    assert refusal(missing).endswith("run: efterklang models install whisper-base")


def test_a_damaged_model_is_refused_before_it_is_loaded(settings: Settings) -> None:
    model = put(settings, "whisper")
    (model / "model.bin").write_bytes(b"weightS")
    assert f"{model / 'model.bin'}: its SHA-256 is wrong" in refusal(settings)


@pytest.mark.parametrize(
    ("engine", "said"),
    [("whisper", "not a Whisper model"), ("vosk", "not a Vosk model"), ("opinions", "names the engine 'opinions'")],
)
def test_a_folder_of_another_kind_is_refused(settings: Settings, engine: str, said: str) -> None:
    model = put(settings, engine)
    assert f"{model}" in refusal(settings)
    assert said in refusal(settings)


def test_a_real_vosk_model_listens_behind_the_same_face(vosk: Engine) -> None:
    sound, _ = comments(1)[0]
    heard = vosk.transcribe(sound, "ko")
    assert heard.text
    assert 0 < heard.confidence <= 1
    with pytest.raises(ModelError, match="speaks ko, not sv"):
        vosk.transcribe(sound, "sv")


@pytest.fixture
def delivered() -> Path:
    try:
        return find_model("whisper-base", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")


def test_one_of_your_own_is_a_folder_of_that_name(delivered: Path, settings: Settings) -> None:
    """The delivered model under another name: texts carry that name, and the digest of the same bytes."""
    ours = settings.storage.directory / "models" / "our-speech"
    ours.mkdir(parents=True)
    for path in delivered.iterdir():
        if path.name != MANIFEST:
            (ours / path.name).symlink_to(path)
    write_manifest(ours, [path.name for path in ours.iterdir()], engine="whisper", languages=["sv"])
    engine, sound = load_engine(settings), comments(1)[0][0]
    assert (engine.model, engine.digest) == ("our-speech", read_manifest(delivered).digest)
    assert engine.transcribe(sound, "sv").text
    with pytest.raises(ModelError, match="our-speech speaks sv, not en"):
        engine.transcribe(sound, "en")
