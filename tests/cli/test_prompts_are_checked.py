"""With an ear that hears what it is told; and with the real model, where it is installed."""

import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import appliance.speech
from appliance.catalog import find_model
from appliance.cli.prompts import prompts
from appliance.errors import ModelError
from appliance.settings import MunicipalitySettings, Settings, StorageSettings
from appliance.sound import Sound, read_wav, write_wav
from appliance.speech import Transcript
from appliance.speech.transcript import Word
from appliance.survey.prompts import PromptLibrary, Source, save_words
from appliance.types import Language

_SV = Language.SWEDISH


@dataclass
class _Ear:
    """Hears every prompt right, but for those whose text it is told otherwise."""

    library: PromptLibrary
    otherwise: dict[str, str] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    unplayable: set[str] = field(default_factory=set)

    def transcribe_all(self, sounds: list[Sound], language: str, *, is_speech: bool) -> list[Transcript]:
        assert is_speech
        return [self._transcribe(sound, language) for sound in sounds]

    def _transcribe(self, sound: Sound, language: str) -> Transcript:
        self.languages.add(language)
        (words,) = {
            self.otherwise.get(prompt.key, self.library.take(prompt.key, Language(language)).words or "")
            for prompt in self.library.prompts
            if prompt.key not in self.unplayable
            and np.array_equal(self.library.samples(prompt.key, Language(language)), sound.samples)
        }
        return Transcript(tuple(Word(word, 1.0) for word in words.split()), language, 1.0)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(storage=StorageSettings(directory=tmp_path))


@pytest.fixture
def ear(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> _Ear:
    ear = _Ear(PromptLibrary(settings))
    monkeypatch.setattr(appliance.speech, "load_engine", lambda _settings: ear)
    return ear


def _check(settings: Settings, *arguments: str) -> Result:
    return CliRunner().invoke(prompts, ["check", *arguments], obj=settings, catch_exceptions=False)


def _faults(result: Result) -> dict[str, list[str]]:
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    return {row["key"]: row["faults"] for row in rows if row["faults"]}


def test_where_all_is_understood_all_is_well(settings: Settings, ear: _Ear) -> None:
    result = _check(settings, "--json")
    assert (result.exit_code, _faults(result)) == (0, {})
    assert len(result.stdout.splitlines()) == len(ear.library.prompts)
    assert f"all {len(ear.library.prompts)} prompts are well" in result.stderr
    assert _check(settings).stdout.count("  well\n") == len(ear.library.prompts)
    assert ear.languages == {"sv"}


def test_a_prompt_that_is_not_understood_is_named_with_what_was_heard(settings: Settings, ear: _Ear) -> None:
    ear.otherwise["thanks"] = "vi ses i morgon"
    ear.otherwise["menu"] = ear.library.prompt("menu").text.sv.replace("1", "ett")
    result = _check(settings, "--json")
    assert (result.exit_code, _faults(result)) == (1, {"thanks": ["unclear"]})
    (line,) = (line for line in _check(settings).stdout.splitlines() if line.startswith("thanks"))
    assert "understood as: vi ses i morgon" in line


def test_the_language_may_be_chosen(settings: Settings, ear: _Ear) -> None:
    assert _check(settings, "--language", "en").exit_code == 0
    assert ear.languages == {"en"}


def test_a_stale_prompt_is_flagged_although_its_words_are_clear(settings: Settings, ear: _Ear) -> None:
    shipped = read_wav(ear.library.take("thanks", _SV).path).samples
    save_words(ear.library.file("thanks", _SV, Source.OWN), shipped, "Vi önskar dig en fin dag.")
    result = _check(settings, "--json")
    assert (result.exit_code, _faults(result)) == (1, {"thanks": ["stale"]})
    assert "says other words than its text: Vi önskar dig en fin dag." in _check(settings).stdout


def test_a_greeting_that_does_not_name_the_municipality_is_flagged(tmp_path: Path, ear: _Ear) -> None:
    named = MunicipalitySettings(name="Annanstad")
    other = Settings(municipality=named, storage=StorageSettings(directory=tmp_path))
    ear.library = PromptLibrary(other)
    found = _faults(_check(other, "--json"))
    assert found["greeting"] == ["stale"]
    assert "menu" not in found


def test_bad_sound_is_flagged(settings: Settings, ear: _Ear) -> None:
    spoken = read_wav(ear.library.take("menu", _SV).path).samples
    bad = {"thanks": np.clip(30 * spoken, -1, 1), "kept": spoken / 200, "erased": np.tile(spoken, 3)}
    for key, samples in bad.items():
        write_wav(ear.library.file(key, _SV, Source.OWN), samples)
    ear.unplayable.add("review")
    ear.library.file("review", _SV, Source.OWN).write_bytes(b"ID3")
    found = _faults(_check(settings, "--json"))
    assert "distorted" in found["thanks"]
    assert "faint" in found["kept"]
    assert "length" in found["erased"]
    assert found["review"] == ["missing"]
    assert "review.wav: not a WAV file" in _check(settings).stdout


@pytest.mark.slow
@pytest.mark.parametrize("language", list(Language))
def test_the_model_understands_every_shipped_prompt_and_no_other_words(settings: Settings, language: Language) -> None:
    _needs_model(settings)
    library = PromptLibrary(settings)
    swapped = {"menu": "review", "thanks": "no_key", "comment_invite": "question_overall"}
    for key, other in swapped.items():
        write_wav(library.file(key, language, Source.OWN), read_wav(library.take(other, language).path).samples)
    result = _check(settings, "--json", "--language", language.value)
    assert result.exit_code == 1
    found = _faults(result)
    assert {key: "unclear" in faults for key, faults in found.items()} == dict.fromkeys(swapped, True)


@pytest.mark.slow
@pytest.mark.parametrize("language", list(Language))
def test_the_model_understands_the_stand_ins_as_well(settings: Settings, language: Language) -> None:
    _needs_model(settings)
    other = settings.model_copy(update={"municipality": MunicipalitySettings(name="Annanstad")})
    found = _faults(_check(other, "--json", "--language", language.value))
    assert "greeting" in found
    assert {tuple(faults) for faults in found.values()} == {("stale",)}


def _needs_model(settings: Settings) -> None:
    try:
        find_model(settings.speech.model, settings)
    except ModelError as error:
        pytest.skip(f"{error}")
