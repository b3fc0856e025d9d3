from pathlib import Path

import numpy as np
import pytest

from appliance.errors import PromptError
from appliance.settings import MunicipalitySettings, Settings, StorageSettings, SurveySettings
from appliance.survey.prompts import PromptLibrary, Source
from appliance.types import Language

_SV = Language.SWEDISH
_HUM = np.full(8000, 0.1, dtype=np.float32)
_OWN_QUESTIONS = """
id = "eget"
version = 1
[[question]]
key = "treatment"
kind = "scale"
label = { sv = "Bemötandet", en = "Treatment" }
text = { sv = "Var vi snälla?", en = "Were we kind?" }
"""


def _library(storage: Path, name: str = "Exempelköping", questionnaire: str = "kontaktcenter") -> PromptLibrary:
    return PromptLibrary(
        Settings(
            municipality=MunicipalitySettings(name=name),
            storage=StorageSettings(directory=storage),
            survey=SurveySettings(questionnaire=questionnaire),
        )
    )


def test_the_shipped_sound_is_played_until_there_is_an_own_one(tmp_path: Path) -> None:
    library = _library(tmp_path)
    assert library.source("menu", _SV) is Source.SHIPPED
    saved = library.save_own("menu", _SV, _HUM)
    assert saved == tmp_path / "prompts" / "sv" / "menu.wav" == library.path("menu", _SV)
    assert library.source("menu", _SV) is Source.OWN
    assert library.source("menu", Language.ENGLISH) is Source.SHIPPED


def test_the_recording_before_is_kept(tmp_path: Path) -> None:
    library = _library(tmp_path)
    first = library.save_own("menu", _SV, _HUM).read_bytes()
    library.save_own("menu", _SV, _HUM * 2)
    assert (tmp_path / "prompts" / "sv" / "menu.wav.bak").read_bytes() == first


def test_only_the_practice_municipality_is_greeted_by_name(tmp_path: Path) -> None:
    assert "Exempelköping" in _library(tmp_path).prompt("greeting").text.sv
    other = _library(tmp_path, "Annanstad")
    assert "Exempelköping" not in other.prompt("greeting").text.sv
    assert other.path("greeting", _SV).name == "greeting_any.wav"
    other.save_own("greeting", _SV, _HUM)
    assert other.path("greeting", _SV) == tmp_path / "prompts" / "sv" / "greeting.wav"


def test_a_question_in_other_words_is_not_asked_with_the_shipped_sound(tmp_path: Path) -> None:
    questions = tmp_path / "eget.toml"
    questions.write_text(_OWN_QUESTIONS, encoding="utf-8")
    library = _library(tmp_path, questionnaire=str(questions))
    assert library.source("question_treatment", _SV) is Source.MISSING
    with pytest.raises(PromptError, match="efterklang prompts record question_treatment --language sv"):
        library.path("question_treatment", _SV)
    library.save_own("question_treatment", _SV, _HUM)
    assert library.source("question_treatment", _SV) is Source.OWN


def test_an_unknown_prompt_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"no prompt is called \.\./x; there are greeting, menu"):
        _library(tmp_path).own_path("../x", _SV)


def test_a_storage_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(PromptError, match=r"cannot save .*menu\.wav: "):
        _library(tmp_path).save_own("menu", _SV, _HUM)
