import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from sounds import NOBODY_SPEAKS, comments

from appliance.catalog import find_model
from appliance.cli.transcribe import transcribe
from appliance.errors import ModelError
from appliance.settings import Settings, SpeechSettings
from appliance.sound import Sound, read_wav, write_wav
from appliance.speech.digits import SKIP, WORDS, DigitListener, meaning
from appliance.speech.vosk import VoskModel

RATE_HZ = 16_000


@pytest.fixture(scope="session")
def folder() -> Path:
    try:
        return find_model("vosk-ko", Settings())
    except ModelError as error:
        pytest.skip(f"{error}")


@pytest.fixture(scope="session")
def listener(folder: Path) -> DigitListener:
    return DigitListener(folder, WORDS["ko"])


def rendered(text: str, folder: Path) -> Sound:
    if not shutil.which("espeak-ng"):
        pytest.skip("espeak-ng is not installed")
    file = folder / "said.wav"
    subprocess.run(["espeak-ng", "-v", "ko", "-s", "140", "-w", f"{file}", text], check=True)
    spoken = read_wav(file).at(8000).samples
    return Sound(np.pad(spoken, 4000), 8000)


@pytest.mark.parametrize(
    ("heard", "said"),
    [
        ("fem", "5"),
        ("en", "1"),
        ("nolla", "0"),
        ("hoppa över", SKIP),
        ("fem fem", "5"),
        ("ett en", "1"),
        ("hoppa över hoppa över", SKIP),
        ("", None),
        ("fem minuter", None),
        ("femtio", None),
        ("på fem", None),
        ("hoppa", None),
        ("fyra fem", None),
        ("fem [unk]", None),
    ],
)
def test_a_digit_is_all_that_was_said(heard: str, said: str | None) -> None:
    assert meaning(heard.split(), WORDS["sv"]) == said


def test_every_language_has_the_same_digits_to_say() -> None:
    assert {frozenset(words.values()) for words in WORDS.values()} == {frozenset({*"012345", SKIP})}


def test_with_a_grammar_only_its_words_are_heard(folder: Path) -> None:
    model, grammar = VoskModel(folder), list(WORDS["ko"])
    samples = comments(1)[0][0].at(RATE_HZ).samples[: 4 * RATE_HZ]
    found = {word["word"] for word in model.words(samples, grammar)}
    assert found
    assert found <= set(grammar)
    assert not {word["word"] for word in model.words(samples)} <= set(grammar)


def test_a_rendered_digit_is_heard_and_more_than_one_word_is_none(listener: DigitListener, tmp_path: Path) -> None:
    one = listener.listen(rendered("하나", tmp_path))
    assert one is not None
    assert one.said == "1"
    assert 0 < one.confidence <= 1
    for more in ("다섯 분", "하나 둘", "안녕하세요 감사합니다"):
        assert listener.listen(rendered(more, tmp_path)) is None


def test_a_sentence_is_no_digit(listener: DigitListener) -> None:
    assert listener.listen(comments(1)[0][0]) is None


@pytest.mark.parametrize("kind", NOBODY_SPEAKS)
def test_where_nobody_speaks_no_digit_is_heard(listener: DigitListener, kind: str) -> None:
    assert listener.listen(NOBODY_SPEAKS[kind]) is None


def test_a_model_without_the_words_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="has no word for 5, skip; take another Vosk model"):
        DigitListener(folder, {"하나": "1", "fem": "5", "hoppa över": SKIP})


def test_the_command_gives_a_digit_or_null_for_each_file(folder: Path, tmp_path: Path) -> None:
    assert folder.name == "vosk-ko"
    write_wav(tmp_path / "noise.wav", NOBODY_SPEAKS["noise"].samples)
    settings = Settings(speech=SpeechSettings(model="vosk-ko"))
    done = CliRunner().invoke(transcribe, ["--digits", str(tmp_path / "noise.wav")], obj=settings)
    assert done.exit_code == 0
    row = json.loads(done.stdout)
    assert row == {"file": str(tmp_path / "noise.wav"), "digit": None, "confidence": None, "is_confirmed": False}


def test_a_model_that_is_no_vosk_model_has_no_digits(tmp_path: Path) -> None:
    write_wav(tmp_path / "noise.wav", NOBODY_SPEAKS["noise"].samples)
    settings = Settings(speech=SpeechSettings(model="opinions-sv"))
    done = CliRunner().invoke(transcribe, ["--digits", str(tmp_path / "noise.wav")], obj=settings)
    assert isinstance(done.exception, ModelError)
    assert "set speech.model to a Vosk model" in str(done.exception)


def test_what_lasts_longer_than_an_answer_is_not_listened_to(
    listener: DigitListener, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr("appliance.speech.digits.find_speech", lambda sound: seen.append(sound.seconds))
    for seconds in (30, 31, 3600):
        assert listener.listen(Sound(np.zeros(seconds * 8000, np.float32), 8000)) is None
    assert seen == [30]


def test_another_language_than_the_models_is_refused(folder: Path, tmp_path: Path) -> None:
    assert folder.name == "vosk-ko"
    write_wav(tmp_path / "noise.wav", NOBODY_SPEAKS["noise"].samples)
    settings = Settings(speech=SpeechSettings(model="vosk-ko"))
    asked = ["--digits", str(tmp_path / "noise.wav"), "--language"]
    assert CliRunner().invoke(transcribe, [*asked, "ko"], obj=settings).exit_code == 0
    refused = CliRunner().invoke(transcribe, [*asked, "sv"], obj=settings).exception
    assert isinstance(refused, ModelError)
    assert "model vosk-ko speaks ko, not sv" in str(refused)
