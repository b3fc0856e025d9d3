from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from appliance.health import Context, Severity
from appliance.health.checks import prompts
from appliance.survey import prompts as survey_prompts
from appliance.survey.prompts import PromptLibrary, Source, save_words
from appliance.types import Language

Box = Callable[..., Context]
_SV = Language.SWEDISH
_HUM = (0.1 * np.sin(np.arange(8000))).astype(np.float32)


def test_the_practice_municipality_is_well_with_the_shipped_prompts(practice: Box) -> None:
    assert list(prompts.run(practice())) == []


def test_a_practice_box_of_another_name_is_well_with_them_too(practice: Box) -> None:
    assert list(prompts.run(practice(municipality={"name": "Provköping"}))) == []


def test_a_prompt_without_a_sound_is_an_error(practice: Box, storage: Path) -> None:
    questions = storage / "eget.toml"
    shipped = Path(survey_prompts.__file__).parent / "questionnaires" / "kontaktcenter.toml"
    text = shipped.read_text(encoding="utf-8")
    questions.write_text(text.replace("Till sist, hur", "Och till sist, hur"), encoding="utf-8")
    (issue,) = prompts.run(practice(survey={"questionnaire": str(questions)}))
    assert issue.severity is Severity.ERROR
    assert issue.where == f"{storage / 'prompts' / 'sv' / 'question_overall.wav'}"
    assert issue.todo.startswith("run: efterklang prompts make question_overall --language sv")


@pytest.mark.parametrize("source", [Source.OWN, Source.MADE])
def test_a_real_box_is_asked_for_a_greeting_of_its_own(installed: Box, source: Source) -> None:
    box = installed()
    library = PromptLibrary(box.settings)
    (issue,) = prompts.run(box)
    assert issue.severity is Severity.WARNING
    nameless = issue.what.removeprefix("the shipped sound does not name the municipality: ").split(", ")
    assert nameless[0] == "greeting"
    assert "menu" not in nameless
    for key in nameless:
        library.save(key, _SV, _HUM, source)
    assert list(prompts.run(box)) == []


def test_a_sound_that_cannot_be_played_is_an_error(practice: Box) -> None:
    box = practice()
    path = PromptLibrary(box.settings).save("menu", _SV, _HUM, Source.OWN)
    path.write_bytes(b"ID3 not a wav")
    (issue,) = prompts.run(box)
    assert issue.severity is Severity.ERROR
    assert "menu.wav: not a WAV file" in issue.what


def test_a_sound_of_an_older_text_is_a_warning(practice: Box) -> None:
    box = practice()
    save_words(PromptLibrary(box.settings).file("menu", _SV, Source.OWN), _HUM, "Tryck på något.")
    (issue,) = prompts.run(box)
    assert issue.severity is Severity.WARNING
    assert issue.what == "menu says other words than its text"
