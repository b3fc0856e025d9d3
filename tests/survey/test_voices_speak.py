import os
import shutil
import stat
import sys
from pathlib import Path

import numpy as np
import pytest
from sounds import tone

from appliance.errors import PromptError
from appliance.sound import write_wav
from appliance.survey.loudness import TARGET_DBFS, measure
from appliance.survey.prompts import prompt_list
from appliance.survey.voices import EspeakVoice, PiperVoice, choose_voice, render
from appliance.types import Language

_SV, _EN = Language.SWEDISH, Language.ENGLISH
_needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs: apt-get install espeak-ng")
_needs_mbrola = pytest.mark.skipif(
    not EspeakVoice("mb-sw1", _SV).is_installed,
    reason="needs espeak-ng, mbrola and mbrola-sw1 (Debian's contrib and non-free)",
)


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder where programs are found."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(sys, "executable", str(folder / "python"))
    return folder


@pytest.fixture
def piper_model(tmp_path: Path) -> Path:
    model = tmp_path / "sv_SE-nobody-low.onnx"
    model.write_bytes(b"")
    model.with_name(f"{model.name}.json").write_text("{}", encoding="utf-8")
    return model


def _program(folder: Path, name: str, script: str) -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


@_needs_espeak
@pytest.mark.parametrize(("name", "language"), [("sv", _SV), ("en-gb", _EN), ("mb-sw1", _SV), ("mb-en1", _EN)])
def test_espeak_speaks_at_the_common_loudness_in_the_telephone_band(name: str, language: Language) -> None:
    voice = EspeakVoice(name, language)
    if not voice.is_installed:
        pytest.skip(f"the voice {name} is not installed")
    samples = choose_voice(name, language).speak("Ett, två, tre. One, two, three.")
    assert 1 < len(samples) / 8000 < 8
    assert measure(samples).rms_dbfs == pytest.approx(TARGET_DBFS, abs=0.5)
    power = np.abs(np.fft.rfft(samples)) ** 2
    hz = np.fft.rfftfreq(len(samples), 1 / 8000)
    assert power[(hz < 150) | (hz > 3700)].sum() < 0.001 * power.sum()


@_needs_mbrola
def test_the_same_text_is_the_same_sound_and_a_respelt_word_is_said_otherwise() -> None:
    swedish, as_english = EspeakVoice("mb-sw1", _SV), EspeakVoice("mb-sw1", _EN)
    assert np.array_equal(swedish.speak("Vi ringer"), as_english.speak("Vi ringer"))
    assert not np.array_equal(swedish.speak("kontaktcenter"), as_english.speak("kontaktcenter"))


@_needs_mbrola
def test_the_shipped_voice_is_the_first_choice() -> None:
    assert choose_voice("", _SV).name == "mb-sw1"


def test_the_tone_is_no_speech(piper_model: Path) -> None:
    prompt = next(prompt for prompt in prompt_list() if not prompt.is_spoken)
    samples = render(prompt, _SV, PiperVoice("no such program", piper_model))
    assert len(samples) == 2400
    assert np.abs(np.fft.rfft(samples)).argmax() * 8000 / len(samples) == pytest.approx(440, abs=4)


def test_without_espeak_it_says_what_to_install(programs: Path) -> None:
    with pytest.raises(PromptError, match="no voice for sv is installed: apt-get install espeak-ng"):
        choose_voice("", _SV)


def test_the_best_voice_that_works_is_chosen(programs: Path) -> None:
    espeak = 'case "$*" in *mb-*) echo "cannot find MBROLA voice" >&2; exit 1;; esac'
    _program(programs, "espeak-ng", espeak)
    assert choose_voice("", _SV).name == "sv"
    assert choose_voice("", _EN).name == "en-gb"
    with pytest.raises(PromptError, match="no voice mb-sw2 is installed: apt-get"):
        choose_voice("mb-sw2", _SV)


def test_a_voice_that_cannot_say_it_all_is_not_believed(programs: Path) -> None:
    _program(programs, "espeak-ng", "echo 'Unknown diphone: a-b' >&2")
    with pytest.raises(PromptError, match="the voice sv cannot speak: Unknown diphone: a-b"):
        EspeakVoice("sv", _SV).speak("Hej")


def test_a_piper_voice_is_given_the_text_and_its_sound_made_fit(programs: Path, piper_model: Path) -> None:
    write_wav(programs / "spoken.wav", tone(600, seconds=1).samples)
    heard = programs / "text"
    copy = f'{shutil.which("cp", path="/bin:/usr/bin")} {programs / "spoken.wav"} "$4"'
    cat = shutil.which("cat", path="/bin:/usr/bin")
    _program(programs, "piper", f'{cat} > {heard}; [ "$1 $2 $3" = "-m {piper_model} -f" ] && {copy}; echo loaded >&2')
    voice = choose_voice(str(piper_model), _SV)
    assert voice.name == "sv_SE-nobody-low"
    samples = voice.speak("Hej\npå dig")
    assert heard.read_text(encoding="utf-8") == "Hej på dig"
    assert len(samples) == pytest.approx(8000, abs=100)
    assert measure(samples).rms_dbfs == pytest.approx(TARGET_DBFS, abs=0.1)


def test_what_a_piper_voice_lacks_is_named(programs: Path, piper_model: Path) -> None:
    with pytest.raises(PromptError, match=r"needs the program piper: .*pip install piper-tts"):
        choose_voice(str(piper_model), _SV)
    _program(programs, "piper", "echo 'Traceback' >&2; echo 'ValueError: no voice' >&2; exit 1")
    with pytest.raises(PromptError, match=r"^the voice sv_SE-nobody-low cannot speak: ValueError: no voice$"):
        choose_voice(str(piper_model), _SV).speak("Hej")
    piper_model.with_name(f"{piper_model.name}.json").unlink()
    with pytest.raises(PromptError, match=r"lacks its file .*sv_SE-nobody-low\.onnx\.json"):
        choose_voice(str(piper_model), _SV)


def test_a_real_piper_voice_speaks() -> None:
    model = os.environ.get("EFTERKLANG_TEST_PIPER_VOICE")
    if not model:
        pytest.skip("needs pip install piper-tts, and EFTERKLANG_TEST_PIPER_VOICE naming a voice's .onnx")
    samples = choose_voice(model, _EN).speak("To begin, press 1.")
    assert 0.7 < len(samples) / 8000 < 5
    assert measure(samples).rms_dbfs == pytest.approx(TARGET_DBFS, abs=0.5)
