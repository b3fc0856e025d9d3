"""Voices that speak a text: espeak-ng, best with an MBROLA voice, and Piper where one is configured."""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Protocol

import numpy as np

from appliance.errors import AudioError, PromptError
from appliance.sound import CALL_RATE_HZ, Samples, read_wav
from appliance.survey.loudness import TARGET_DBFS, fit
from appliance.survey.prompts import Prompt
from appliance.types import Language

_AMPLITUDE: Final = 50
"""Half of what espeak-ng would use: MBROLA clips above it."""
_SECONDS: Final = 120
"""No voice that works needs so long for one prompt."""
_INSTALL: Final = "apt-get install espeak-ng, and from Debian's contrib and non-free mbrola mbrola-sw1 mbrola-en1"

_INSTALL_PIPER: Final = (
    "python3 -m venv /opt/piper && /opt/piper/bin/pip install piper-tts && ln -s /opt/piper/bin/piper /usr/local/bin/"
)


class Voice(Protocol):
    """Who speaks."""

    @property
    def name(self) -> str: ...

    def speak(self, text: str) -> Samples:
        """The text, fit for a call; PromptError where the voice cannot."""
        ...


@dataclass(frozen=True, slots=True)
class EspeakVoice:
    """A voice of espeak-ng and how it speaks."""

    name: str
    language: Language
    words_a_minute: int = 150
    word_gap_10_ms: int = 0
    pitch: int = 50

    def speak(self, text: str) -> Samples:
        said = re.sub(r"[\w-]+", lambda word: _respelt(word[0], self.language), text)
        how = ["-s", self.words_a_minute, "-g", self.word_gap_10_ms, "-p", self.pitch, "-a", _AMPLITUDE]
        command = ["espeak-ng", "-v", self.name, *map(str, how), "--stdin", "-w"]
        # MBROLA's voices saturate on a few sounds, at any amplitude; nothing else may be said.
        return _spoken(self.name, command, said, may_say="Saturation")

    @property
    def is_installed(self) -> bool:
        """Whether espeak-ng itself finds the voice, and MBROLA where it is one of MBROLA's."""
        if not shutil.which("espeak-ng"):
            return False
        probe = subprocess.run(["espeak-ng", "-q", "-v", self.name, "a"], capture_output=True, check=False)
        return probe.returncode == 0


@dataclass(frozen=True, slots=True)
class PiperVoice:
    """A voice of Piper: its model NAME.onnx, with NAME.onnx.json beside it."""

    program: str
    model: Path

    @property
    def name(self) -> str:
        return self.model.stem

    def speak(self, text: str) -> Samples:
        command = [self.program, "-m", str(self.model), "-f"]
        return _spoken(self.name, command, " ".join(text.split()), may_say="")


KNOWN: Final = (
    EspeakVoice("mb-sw1", Language.SWEDISH, 154, 2, 50),
    EspeakVoice("mb-sw2", Language.SWEDISH, 110, 4, 35),
    EspeakVoice("sv", Language.SWEDISH, 100, 2),
    EspeakVoice("mb-en1", Language.ENGLISH),
    EspeakVoice("mb-us1", Language.ENGLISH, 130),
    EspeakVoice("en-gb", Language.ENGLISH, 130),
)
"""Each language's best first, at the speed and pitch where a recogniser understood it best."""


def choose_voice(wanted: str, language: Language) -> Voice:
    """The voice of that name or Piper file, or the language's best that is installed; PromptError where none is."""
    if wanted.endswith(".onnx"):
        return _piper_voice(Path(wanted).expanduser())
    known = [voice for voice in KNOWN if voice.language is language and wanted in {"", voice.name}]
    for voice in known or [EspeakVoice(wanted, language)]:
        if voice.is_installed:
            return voice
    raise PromptError(f"no voice {wanted or f'for {language}'} is installed: {_INSTALL}")


def render(prompt: Prompt, language: Language, voice: Voice) -> Samples:
    """The prompt fit for a call, in that voice; PromptError where it cannot speak."""
    return voice.speak(prompt.text[language]) if prompt.is_spoken else tone(440, 0.3)


def tone(frequency_hz: float, seconds: float) -> Samples:
    """A sine at the common loudness with 10 ms flanks, so that it does not click."""
    time = np.arange(round(seconds * CALL_RATE_HZ)) / CALL_RATE_HZ
    flanks = np.clip(np.minimum(time, seconds - time) / 0.01, 0, 1)
    amplitude = 10 ** (TARGET_DBFS / 20) * np.sqrt(2)
    return np.asarray(amplitude * flanks * np.sin(2 * np.pi * frequency_hz * time), dtype=np.float32)


def _piper_voice(model: Path) -> PiperVoice:
    for file in (model, model.with_name(f"{model.name}.json")):
        if not file.is_file():
            raise PromptError(f"the Piper voice {model.stem} lacks its file {file}")
    # Where pip puts it beside our own Python, or wherever the path has it.
    program = shutil.which("piper", path=str(Path(sys.executable).parent)) or shutil.which("piper")
    if program is None:
        raise PromptError(f"a Piper voice needs the program piper: {_INSTALL_PIPER}")
    return PiperVoice(program, model)


def _spoken(voice: str, command: list[str], text: str, *, may_say: str) -> Samples:
    """Give the command the text and a file's name; what it spoke, made fit. Each line it says must hold `may_say`."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory) / "spoken.wav"
        try:
            told = subprocess.run(
                [*command, str(file)], input=text, capture_output=True, text=True, timeout=_SECONDS, check=False
            )
            faults = [line.strip() for line in told.stderr.splitlines() if told.returncode or may_say not in line]
            if told.returncode or faults:
                raise PromptError(f"the voice {voice} cannot speak: {faults[-1] if faults else told.returncode}")
            samples = fit(read_wav(file))
        except (OSError, AudioError, subprocess.TimeoutExpired) as error:
            raise PromptError(f"the voice {voice} cannot speak: {error}") from error
    if not samples.size:
        raise PromptError(f"the voice {voice} was silent on the text {text!r}")
    return samples


@cache
def _pronunciation() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("pronunciation.toml").read_text(encoding="utf-8"))


def _respelt(word: str, language: Language) -> str:
    """The word, in phonemes where espeak-ng is known to say it wrong."""
    phonemes = _pronunciation()[language].get(word.lower())
    return f"[[{phonemes}]]" if phonemes else word
