from pathlib import Path

import numpy as np
import pytest

from appliance.errors import PromptError
from appliance.settings import MunicipalitySettings, Settings, StorageSettings, SurveySettings
from appliance.sound import write_wav
from appliance.survey.prompts import PromptLibrary, Source, Wording, genitive, save_words
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


def _with_own_question(storage: Path) -> PromptLibrary:
    questions = storage / "eget.toml"
    questions.write_text(_OWN_QUESTIONS, encoding="utf-8")
    return _library(storage, questionnaire=str(questions))


def test_an_own_sound_is_played_before_a_made_one_and_that_before_the_shipped_one(tmp_path: Path) -> None:
    library = _library(tmp_path)
    played = [library.take("menu", _SV).source]
    for source, folder in ((Source.MADE, "sv/made"), (Source.OWN, "sv")):
        saved = library.save("menu", _SV, _HUM, source)
        assert saved == tmp_path / "prompts" / folder / "menu.wav" == library.take("menu", _SV).path
        played.append(library.take("menu", _SV).source)
    assert played == [Source.SHIPPED, Source.MADE, Source.OWN]
    assert library.take("menu", Language.ENGLISH).source is Source.SHIPPED


def test_the_own_recording_before_is_kept(tmp_path: Path) -> None:
    library = _library(tmp_path)
    first = library.save("menu", _SV, _HUM, Source.OWN).read_bytes()
    library.save("menu", _SV, _HUM * 2, Source.OWN)
    assert (tmp_path / "prompts" / "sv" / "menu.wav.bak").read_bytes() == first


def test_a_sound_knows_its_words_and_a_file_from_elsewhere_does_not(tmp_path: Path) -> None:
    library = _library(tmp_path)
    own = library.save("thanks", _SV, _HUM, Source.OWN)
    take = library.take("thanks", _SV)
    assert (take.wording, take.words) == (Wording.CURRENT, library.prompt("thanks").text.sv)
    save_words(own, _HUM, "Tack.")
    assert (library.take("thanks", _SV).wording, library.take("thanks", _SV).words) == (Wording.STALE, "Tack.")
    for comment in ("", "Recorded in our kitchen"):
        write_wav(own, _HUM, comment)
        assert (library.take("thanks", _SV).wording, library.take("thanks", _SV).words) == (Wording.UNKNOWN, None)


def test_a_stale_own_sound_is_still_played_and_a_stale_made_one_only_where_nothing_is_right(tmp_path: Path) -> None:
    library = _with_own_question(tmp_path)
    for key in ("menu", "question_treatment"):
        save_words(library.file(key, _SV, Source.MADE), _HUM, "Något annat.")
    assert library.take("menu", _SV).source is Source.SHIPPED
    assert library.take("question_treatment", _SV).source is Source.MADE
    save_words(library.file("menu", _SV, Source.OWN), _HUM, "Något annat.")
    assert library.take("menu", _SV).source is Source.OWN


def test_only_the_practice_municipality_is_greeted_by_name_until_a_sound_names_the_other(tmp_path: Path) -> None:
    assert _library(tmp_path).take("greeting", _SV).wording is Wording.CURRENT
    other = _library(tmp_path, "Annanstad")
    assert "från Annanstads kontaktcenter" in other.prompt("greeting").text.sv
    assert "center of Annanstad." in other.prompt("greeting").text.en
    stand_in = other.take("greeting", _SV)
    assert (stand_in.path.name, stand_in.wording) == ("greeting_any.wav", Wording.STALE)
    assert stand_in.words
    assert "från din kommuns kontaktcenter" in stand_in.words
    other.save("greeting", _SV, _HUM, Source.MADE)
    assert other.take("greeting", _SV).wording is Wording.CURRENT
    assert _library(tmp_path, "Tredjeby").take("greeting", _SV).path.name == "greeting.wav"


@pytest.mark.parametrize(
    ("name", "of_it"),
    [("Malmö", "Malmös"), ("Borås", "Borås"), ("Alingsås kommun", "Alingsås kommuns"), ("Bromölla", "Bromöllas")],
)
def test_the_swedish_genitive_has_an_s_unless_there_is_one(name: str, of_it: str) -> None:
    assert genitive(name) == of_it


def test_nothing_is_left_to_be_filled_in(tmp_path: Path) -> None:
    for prompt in _library(tmp_path, "Annanstad").prompts:
        assert "{" not in prompt.text.sv + prompt.text.en


def test_a_question_in_other_words_is_not_asked_with_the_shipped_sound(tmp_path: Path) -> None:
    library = _with_own_question(tmp_path)
    assert library.find("question_treatment", _SV) is None
    with pytest.raises(PromptError, match="efterklang prompts make question_treatment --language sv"):
        library.take("question_treatment", _SV)
    library.save("question_treatment", _SV, _HUM, Source.OWN)
    assert library.take("question_treatment", _SV).source is Source.OWN


def test_an_unknown_prompt_is_named_with_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"no prompt is called \.\./x; there are greeting, menu"):
        _library(tmp_path).file("../x", _SV, Source.OWN)


def test_a_storage_that_cannot_be_written_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "prompts").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(PromptError, match=r"cannot save .*menu\.wav: "):
        _library(tmp_path).save("menu", _SV, _HUM, Source.OWN)
