import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import appliance
from appliance.survey.prompts import words_in
from appliance.survey.voices import EspeakVoice
from appliance.types import Language

_VOICES = (EspeakVoice("mb-sw1", Language.SWEDISH), EspeakVoice("mb-en1", Language.ENGLISH))


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the package and of the script: rendering writes into it."""
    package = Path(appliance.__file__).parent
    shutil.copytree(package, tmp_path / "appliance", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "scripts").mkdir()
    shutil.copy(package.parent / "scripts" / "render_audio", tmp_path / "scripts")
    return tmp_path


def _render(tree: Path, *names: str) -> list[str]:
    """What the script says that it rendered."""
    command = [sys.executable, str(tree / "scripts" / "render_audio"), *names]
    environment = {**os.environ, "PYTHONPATH": str(tree)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=True)
    return [line.split()[-1] for line in done.stdout.splitlines()]


def test_where_every_sound_says_its_text_nothing_is_rendered(tree: Path) -> None:
    assert _render(tree, "missing") == []


@pytest.mark.skipif(
    not all(voice.is_installed for voice in _VOICES),
    reason="needs espeak-ng, mbrola, mbrola-sw1 and mbrola-en1 (Debian's contrib and non-free)",
)
def test_a_lost_sound_and_a_changed_text_are_rendered_and_always_alike(tree: Path) -> None:
    audio = tree / "appliance" / "survey" / "audio"
    (audio / "en" / "kept.wav").unlink()
    texts = tree / "appliance" / "survey" / "prompts.toml"
    texts.write_text(texts.read_text(encoding="utf-8").replace("Okej, den sparas.", "Den sparas nu."), encoding="utf-8")
    assert _render(tree, "missing") == ["survey/audio/sv/kept.wav", "survey/audio/en/kept.wav"]
    assert words_in(audio / "sv" / "kept.wav") == "Den sparas nu."
    first = [(audio / language / "kept.wav").read_bytes() for language in ("sv", "en")]
    assert _render(tree, "kept") == ["survey/audio/sv/kept.wav", "survey/audio/en/kept.wav"]
    assert [(audio / language / "kept.wav").read_bytes() for language in ("sv", "en")] == first
