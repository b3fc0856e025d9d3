from pathlib import Path

import numpy as np
import pytest

from appliance.errors import PromptError
from appliance.settings import Settings, StorageSettings
from appliance.survey.atlas import build_atlas
from appliance.survey.prompts import PromptLibrary, Source
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.types import Language

_SV = Language.SWEDISH
_HUM = (0.1 * np.sin(np.arange(8000))).astype(np.float32)


def of(questionnaire_id: str, words: str) -> Questionnaire:
    question = {"key": "treatment", "kind": "scale", "label": {"sv": "Bemötandet"}, "text": {"sv": words}}
    return Questionnaire.model_validate({"id": questionnaire_id, "questions": [question]})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(storage=StorageSettings(directory=tmp_path))


def test_each_questionnaire_and_each_wording_has_its_own(settings: Settings) -> None:
    libraries = [
        PromptLibrary(settings, of(*one)) for one in (("vattnet", "Ett"), ("vattnet", "Två"), ("brand", "Ett"))
    ]
    files = {library.file("question_treatment", _SV, Source.OWN) for library in libraries}
    files.add(PromptLibrary(settings).file("question_treatment", _SV, Source.OWN))
    assert len(files) == 4
    libraries[0].save("question_treatment", _SV, _HUM, Source.OWN)
    assert [library.missing(_SV) for library in libraries] == [[], ["question_treatment"], ["question_treatment"]]
    assert PromptLibrary(settings).take("question_treatment", _SV).source is Source.SHIPPED


def test_a_new_version_keeps_the_sounds_of_words_that_stay(settings: Settings) -> None:
    PromptLibrary(settings, of("vattnet", "Ett")).save("question_treatment", _SV, _HUM, Source.MADE)
    again = of("vattnet", "Ett").model_copy(update={"version": 2})
    assert PromptLibrary(settings, again).missing(_SV) == []


def test_a_question_in_the_ordinary_one_s_words_has_its_shipped_sound(settings: Settings) -> None:
    words = load_questionnaire("kontaktcenter").questions[0].text.sv
    assert PromptLibrary(settings, of("vattnet", words)).take("question_treatment", _SV).source is Source.SHIPPED


def test_what_to_do_names_the_questionnaire(settings: Settings) -> None:
    with pytest.raises(PromptError, match=r"prompts make question_treatment --language sv --questionnaire vattnet"):
        PromptLibrary(settings, of("vattnet", "Ett")).take("question_treatment", _SV)


def test_the_atlas_holds_those_that_have_a_sound_under_their_words(settings: Settings, tmp_path: Path) -> None:
    one, other = (PromptLibrary(settings, of("vattnet", words)) for words in ("Ett", "Två"))
    one.save("question_treatment", _SV, _HUM, Source.OWN)
    atlas = build_atlas(PromptLibrary(settings), _SV, tmp_path / "sv.wav", [one, other])
    assert list(atlas.questions) == [("question_treatment", "Ett")]
    ordinary = atlas.clips["question_treatment"]
    assert (
        atlas.asking(of("vattnet", "Ett"), _SV).clips["question_treatment"]
        == atlas.questions["question_treatment", "Ett"]
    )
    assert atlas.asking(of("vattnet", "Två"), _SV).clips["question_treatment"] == ordinary
