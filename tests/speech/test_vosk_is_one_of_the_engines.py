import zipfile
from pathlib import Path

import numpy as np
import pytest
from sounds import NOBODY_SPEAKS, comments

from appliance.catalog import MANIFEST, find_model, install, read_manifest, write_manifest
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings, StorageSettings
from appliance.speech import Engine, load_engine
from appliance.speech.transcript import Piece
from appliance.speech.vosk import VoskRecogniser

RATE_HZ = 16_000


@pytest.fixture(scope="session")
def folder() -> Path:
    """The one real Vosk model that a package index has."""
    try:
        return find_model("vosk-ko", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")


@pytest.fixture(scope="session")
def recogniser(folder: Path) -> VoskRecogniser:
    return VoskRecogniser(folder, threads=2)


def spoken(count: int, seconds: float = 1.5) -> list[Piece]:
    cut = [sound.at(RATE_HZ).samples[: int(seconds * RATE_HZ)] for sound, _ in comments(count)]
    return [Piece(samples, len(samples) / RATE_HZ) for samples in cut]


def copy_of(folder: Path, target: Path, **instead: bytes | None) -> Path:
    """The model by links, some of its files with other content or left out; a manifest that is right."""
    names = read_manifest(folder).files
    other = {name: instead[stem] for name in names if (stem := Path(name).stem) in instead}
    for name in names:
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        content = other.get(name)
        if name not in other:
            (target / name).symlink_to(folder / name)
        elif content is not None:
            (target / name).write_bytes(content)
    kept = [name for name in names if (target / name).exists()]
    write_manifest(target, kept, engine="vosk", languages=["ko"])
    return target


def test_the_same_sound_gives_the_same_words_alone_and_beside_others(recogniser: VoskRecogniser) -> None:
    pieces = spoken(2)
    together = recogniser.recognise([*pieces, *pieces], "ko")
    recogniser.is_modest = True
    one_by_one = recogniser.recognise(pieces, "ko")
    recogniser.is_modest = False
    assert together == one_by_one * 2
    assert together[0].words != together[1].words
    assert all(0 <= word.confidence <= 1 for heard in together for word in heard.words)
    assert all(heard.log_probability <= 0 and heard.language == "ko" for heard in together)


@pytest.mark.parametrize("length", [0, 1, 399, 400, 1600])
def test_a_sound_of_next_to_nothing_has_no_words(recogniser: VoskRecogniser, length: int) -> None:
    (heard,) = recogniser.recognise([Piece(np.zeros(length, np.float32), 0.0)], "ko")
    assert heard.words == ()


def test_no_sounds_are_no_texts(recogniser: VoskRecogniser) -> None:
    assert recogniser.recognise([], "ko") == []


@pytest.mark.parametrize("kind", NOBODY_SPEAKS)
def test_where_nobody_speaks_it_invents_nothing(recogniser: VoskRecogniser, kind: str) -> None:
    assert Engine("vosk-ko", "", ("ko",), recogniser).transcribe(NOBODY_SPEAKS[kind], "ko").text == ""


@pytest.mark.parametrize("name", ["final", "HCLr", "Gr", "mfcc", "model", "disambig_tid", "splice"])
def test_a_model_that_lacks_a_file_is_one_clear_line(folder: Path, tmp_path: Path, name: str) -> None:
    damaged = copy_of(folder, tmp_path / "damaged", **{name: None})
    with pytest.raises(ModelError) as refused:
        VoskRecogniser(damaged)
    assert f"{damaged}: not a Vosk model: Failed to create" in str(refused.value)


@pytest.mark.parametrize(
    ("name", "content"), [("final", b"rot"), ("HCLr", b"rot"), ("Gr", b""), ("mfcc", b"--no-such-option=1\n")]
)
def test_a_model_with_rot_in_it_is_one_clear_line(folder: Path, tmp_path: Path, name: str, content: bytes) -> None:
    with pytest.raises(ModelError, match="not a Vosk model: Failed to create"):
        VoskRecogniser(copy_of(folder, tmp_path / "damaged", **{name: content}))


def test_the_swedish_model_is_installed_from_its_archive_and_listens(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EFTERKLANG_MODELS", str(tmp_path))
    with zipfile.ZipFile(tmp_path / "model.zip", "w") as archive:
        for name in read_manifest(folder).files:
            archive.write(folder / name, f"vosk-model-small-sv-rhasspy-0.15/{name}")
    installed = install("vosk-sv", tmp_path, tmp_path / "model.zip")
    settings = Settings(storage=StorageSettings(directory=tmp_path / "var"), speech=SpeechSettings(model="vosk-sv"))
    engine = load_engine(settings)
    assert engine.transcribe(comments(1)[0][0], "sv").text
    with pytest.raises(ModelError, match="speaks sv, not en"):
        engine.transcribe(comments(1)[0][0], "en")
    assert read_manifest(installed).files == read_manifest(folder).files
    (installed / "conf" / "model.conf").write_text("--beam=1.0\n")
    with pytest.raises(ModelError, match="SHA-256 is wrong"):
        load_engine(settings)
    assert (installed / MANIFEST).exists()


def test_names_that_it_cannot_be_told_to_expect_are_a_warning(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    VoskRecogniser(folder, 1)
    assert caplog.messages == []
    VoskRecogniser(folder, 1, ("Delfinbadet",))
    (line,) = caplog.messages
    assert line.startswith("speech.words: a Vosk model hears only words of its own")
