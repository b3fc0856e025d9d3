import json
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from appliance.cli.prompts import prompts
from appliance.errors import PromptError
from appliance.settings import Settings, StorageSettings
from appliance.sound import Samples, read_wav
from appliance.survey import microphone
from appliance.survey.loudness import measure

_TONE = np.sin(2 * np.pi * 600 * np.arange(8000) / 8000).astype(np.float32)
_PAUSE = np.zeros(4000, dtype=np.float32)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(storage=StorageSettings(directory=tmp_path))


def _run(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(prompts, arguments, obj=settings, catch_exceptions=False)


def _hears(monkeypatch: pytest.MonkeyPatch, samples: Samples) -> list[microphone.Device]:
    """Stand in for a microphone; gives the devices that were asked for."""
    asked: list[microphone.Device] = []

    def heard(until: Callable[[], object], device: microphone.Device = None) -> Samples:
        asked.append(device)
        return samples

    monkeypatch.setattr(microphone, "record", heard)
    return asked


def test_a_recording_is_trimmed_levelled_and_in_force(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = _hears(monkeypatch, np.concatenate([_PAUSE, 0.3 * _TONE, _PAUSE]))
    result = _run(settings, "record", "thanks", "--seconds", "1", "--device", "3")
    path = Path(result.stdout.strip())
    assert path == settings.storage.directory / "prompts" / "sv" / "thanks.wav"
    samples, rate_hz = read_wav(path)
    assert rate_hz == 8000
    assert len(samples) == pytest.approx(8000 + 1600, abs=200)
    assert measure(samples).rms_dbfs == pytest.approx(-20, abs=0.2)
    assert asked == [3]
    assert "Read aloud: Tack för din hjälp. Hej då!" in result.stderr
    assert "1.2 s, -13 dBFS, peak -10 dBFS" in result.stderr


@pytest.mark.parametrize(("amplitude", "says"), [(0.3, ""), (1.5, "distorted in"), (0.004, "faint: move closer")])
def test_what_to_do_better_is_said(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, amplitude: float, says: str
) -> None:
    _hears(monkeypatch, np.clip(amplitude * _TONE, -1, 1))
    told = _run(settings, "record", "thanks", "--seconds", "1").stderr
    assert says in told
    assert ("record again" in told) == bool(says)


def test_silence_changes_nothing(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _hears(monkeypatch, _PAUSE)
    with pytest.raises(PromptError, match="nothing was heard, and nothing is changed"):
        _run(settings, "record", "thanks", "--seconds", "1")
    assert not (settings.storage.directory / "prompts").exists()


def test_an_unknown_prompt_is_refused_before_anything_is_recorded(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _hears(monkeypatch, _TONE)
    with pytest.raises(PromptError, match="no prompt is called jingle"):
        _run(settings, "record", "jingle")
    assert asked == []


def test_the_list_says_whose_recording_is_played(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    _hears(monkeypatch, 0.3 * _TONE)
    _run(settings, "record", "thanks", "--language", "en", "--seconds", "1")
    rows = [json.loads(line) for line in _run(settings, "list", "--json").stdout.splitlines()]
    sources = {(row["key"], row["language"]): row["source"] for row in rows}
    assert sources[("thanks", "en")] == "own"
    assert sources[("thanks", "sv")] == "shipped"
    assert all(row["seconds"] > 0 and row["text"] for row in rows)
    table = _run(settings, "list").stdout
    assert len(table.splitlines()) == len(rows)
    assert "own" in table


def test_play_gives_the_sound_to_the_loudspeaker(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    played: list[tuple[int, int, microphone.Device]] = []

    def loudspeaker(samples: Samples, rate_hz: int, device: microphone.Device = None) -> None:
        played.append((len(samples), rate_hz, device))

    monkeypatch.setattr(microphone, "play", loudspeaker)
    result = _run(settings, "play", "menu", "--language", "en", "--device", "USB")
    assert played[0][0] > 5 * 8000
    assert played[0][1:] == (8000, "USB")
    assert "To begin, press 1" in result.stderr
    assert result.stdout == ""


def test_without_portaudio_it_says_what_to_install(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sounddevice.py").write_text("raise OSError('PortAudio library not found')", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    with pytest.raises(PromptError, match="PortAudio is missing: apt-get install libportaudio2"):
        _run(settings, "record", "thanks", "--seconds", "1")
