"""By real voices, where espeak-ng is installed; and from WAV files."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result
from sounds import tone, wav

from appliance.cli.prompts import prompts
from appliance.errors import AudioError, EfterklangError, PromptError, UsageError
from appliance.settings import MunicipalitySettings, PromptsSettings, Settings, StorageSettings
from appliance.sound import read_wav
from appliance.survey.loudness import measure
from appliance.survey.prompts import PromptLibrary, words_in
from appliance.types import Language

_SV = Language.SWEDISH
_needs_espeak = pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="needs: apt-get install espeak-ng")
_STEREO_48 = wav((np.repeat(tone(600, seconds=1).at(48000).samples, 2) * 32767).astype("<i2").tobytes(), 1, 2, 48000)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        municipality=MunicipalitySettings(name="Annanstad"),
        storage=StorageSettings(directory=tmp_path / "storage"),
        prompts=PromptsSettings(voice="sv"),
    )


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    folder = tmp_path / "recordings"
    folder.mkdir()
    return folder


def _run(settings: Settings, *arguments: object) -> Result:
    return CliRunner().invoke(prompts, [*map(str, arguments)], obj=settings, catch_exceptions=False)


def _row(settings: Settings, key: str) -> dict[str, object]:
    rows = [json.loads(line) for line in _run(settings, "list", "--json").stdout.splitlines()]
    (row,) = (row for row in rows if (row["key"], row["language"]) == (key, "sv"))
    assert isinstance(row, dict)
    return row


@_needs_espeak
def test_a_made_greeting_says_the_municipality_s_name(settings: Settings) -> None:
    assert (_row(settings, "greeting")["source"], _row(settings, "greeting")["wording"]) == ("shipped", "stale")
    made = Path(_run(settings, "make", "greeting").stdout.strip())
    assert made == settings.storage.directory / "prompts" / "sv" / "made" / "greeting.wav"
    assert "från Annanstads kontaktcenter" in (words_in(made) or "")
    assert (_row(settings, "greeting")["source"], _row(settings, "greeting")["wording"]) == ("made", "current")
    assert measure(read_wav(made).samples).rms_dbfs == pytest.approx(-20, abs=1)


@_needs_espeak
def test_without_a_key_every_spoken_prompt_is_made(settings: Settings) -> None:
    made = [Path(line).stem for line in _run(settings, "make").stdout.splitlines()]
    assert made == [prompt.key for prompt in PromptLibrary(settings).prompts if prompt.is_spoken]


@_needs_espeak
def test_the_voice_may_be_named_and_the_language(settings: Settings) -> None:
    by_default = _run(settings, "make", "thanks")
    assert by_default.stderr.startswith("sv speaks")
    swedish = Path(by_default.stdout.strip()).read_bytes()
    result = _run(settings, "make", "thanks", "--voice", "en-gb", "--language", "en")
    assert result.stdout.endswith("/prompts/en/made/thanks.wav\n")
    assert "en-gb speaks" in result.stderr
    other = Path(_run(settings, "make", "thanks", "--voice", "en-gb").stdout.strip())
    assert other.read_bytes() != swedish


@_needs_espeak
def test_an_own_recording_stays_in_force_and_that_is_said(settings: Settings, recordings: Path) -> None:
    (recordings / "thanks.wav").write_bytes(_STEREO_48)
    _run(settings, "make", "--from", recordings)
    told = _run(settings, "make", "thanks").stderr
    assert "thanks: your own" in told
    assert "remove it to hear this one" in told
    assert _row(settings, "thanks")["source"] == "own"


@_needs_espeak
def test_a_prompt_made_from_an_older_text_is_stale(settings: Settings) -> None:
    _run(settings, "make", "greeting")
    renamed = settings.model_copy(update={"municipality": MunicipalitySettings(name="Tredjeby")})
    assert (_row(renamed, "greeting")["source"], _row(renamed, "greeting")["wording"]) == ("made", "stale")
    line = next(line for line in _run(renamed, "list").stdout.splitlines() if line.startswith("greeting"))
    assert "stale" in line


def test_an_unknown_voice_or_prompt_makes_nothing(settings: Settings) -> None:
    for arguments, line in (
        (["--voice", "nobody"], "no voice nobody"),
        (["jingle"], "no prompt is called jingle"),
    ):
        with pytest.raises(PromptError, match=line):
            _run(settings, "make", *arguments)
    assert not settings.storage.directory.exists()


def test_a_wav_file_becomes_the_prompt(settings: Settings, recordings: Path) -> None:
    (recordings / "tack.wav").write_bytes(_STEREO_48)
    result = _run(settings, "make", "thanks", "--from", recordings / "tack.wav")
    path = Path(result.stdout.strip())
    assert path == settings.storage.directory / "prompts" / "sv" / "thanks.wav"
    assert "thanks: 1.0 s, -17 dBFS, peak -14 dBFS" in result.stderr
    samples, rate_hz = read_wav(path)
    assert rate_hz == 8000
    assert measure(samples).rms_dbfs == pytest.approx(-20, abs=0.2)
    assert (_row(settings, "thanks")["source"], _row(settings, "thanks")["wording"]) == ("own", "current")


def test_a_file_named_by_its_key_needs_no_key(settings: Settings, recordings: Path) -> None:
    (recordings / "thanks.WAV").write_bytes(_STEREO_48)
    assert _run(settings, "make", "--from", recordings / "thanks.WAV").stdout.endswith("/prompts/sv/thanks.wav\n")


def test_a_folder_gives_every_prompt_that_is_named_in_it(settings: Settings, recordings: Path) -> None:
    for name in ("thanks.wav", "menu.WAV", "kept.wav", "notes.txt"):
        (recordings / name).write_bytes(_STEREO_48)
    some = _run(settings, "make", "thanks", "kept", "--from", recordings, "--language", "en").stdout
    assert [Path(line).name for line in some.splitlines()] == ["thanks.wav", "kept.wav"]
    every = _run(settings, "make", "--from", recordings).stdout
    assert {Path(line).stem for line in every.splitlines()} == {"thanks", "menu", "kept"}


@pytest.mark.parametrize(
    ("files", "keys", "error", "line"),
    [
        ({"thanks.wav": _STEREO_48, "zanks.wav": _STEREO_48}, [], PromptError, "no prompt is called zanks"),
        ({"thanks.wav": _STEREO_48, "menu.wav": b"ID3"}, [], AudioError, r"menu\.wav: not a WAV file"),
        ({"thanks.wav": _STEREO_48, "menu.wav": wav(bytes(16000))}, [], PromptError, "nothing is heard in it"),
        ({"thanks.wav": _STEREO_48}, ["thanks", "menu"], UsageError, r"holds no menu\.wav"),
        ({"notes.txt": b""}, [], UsageError, r"holds no KEY\.wav"),
    ],
)
def test_one_bad_file_changes_nothing(
    settings: Settings,
    recordings: Path,
    files: dict[str, bytes],
    keys: list[str],
    error: type[EfterklangError],
    line: str,
) -> None:
    for name, data in files.items():
        (recordings / name).write_bytes(data)
    with pytest.raises(error, match=line):
        _run(settings, "make", *keys, "--from", recordings)
    assert not settings.storage.directory.exists()


def test_what_cannot_be_meant_is_a_usage_error(settings: Settings, recordings: Path) -> None:
    (recordings / "thanks.wav").write_bytes(_STEREO_48)
    with pytest.raises(UsageError, match="--voice and --from exclude each other"):
        _run(settings, "make", "--voice", "sv", "--from", recordings)
    with pytest.raises(UsageError, match="is one sound: give one KEY"):
        _run(settings, "make", "thanks", "menu", "--from", recordings / "thanks.wav")
