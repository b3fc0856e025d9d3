from pathlib import Path

import pytest

from appliance.errors import ConfigError
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.types import Language

_QUESTION = """
[[question]]
key = "{key}"
kind = "{kind}"
label = {{ sv = "Ordningen", en = "Order" }}
text = {{ sv = "Var det städat?", en = "Was it tidy?" }}
"""
_HEAD = 'id = "eget"\nversion = 3\n'


def _written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "eget.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_shipped_one_has_six_questions_in_both_languages() -> None:
    questionnaire = load_questionnaire("kontaktcenter")
    assert [question.label[Language.SWEDISH] for question in questionnaire.questions] == [
        "Bemötandet",
        "Kunskapen",
        "Väntetiden",
        "Fick du svar på din fråga?",
        "Webbplatsen och e-tjänsterna",
        "Helhetsintrycket",
    ]
    assert questionnaire.questions[3].valid_values == {1, 2}
    assert questionnaire.questions[0].valid_values == {1, 2, 3, 4, 5}
    assert questionnaire.questions[0].label[Language.ENGLISH] == "Treatment"


def test_what_an_interview_froze_is_what_it_gets_back() -> None:
    questionnaire = load_questionnaire("kontaktcenter")
    assert Questionnaire.from_json(questionnaire.to_json()) == questionnaire


def test_a_municipality_may_have_its_own(tmp_path: Path) -> None:
    path = _written(tmp_path, _HEAD + _QUESTION.format(key="tidy", kind="yes_no"))
    questionnaire = load_questionnaire(path)
    assert (questionnaire.id, questionnaire.version, questionnaire.questions[0].prompt) == ("eget", 3, "question_tidy")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("id = ", "not valid TOML"),
        (_HEAD, "question: field required"),
        (_HEAD + _QUESTION.format(key="tidy", kind="smiley"), "question 1 kind: input should be 'scale' or 'yes_no'"),
        (_HEAD + _QUESTION.format(key="Tidy!", kind="scale"), "question 1 key: string should match pattern"),
        (_HEAD + _QUESTION.format(key="tidy", kind="scale") * 2, "two questions have the key tidy"),
        (_HEAD + _QUESTION.format(key="tidy", kind="scale") + "colour = 1", "question 1 colour: extra inputs"),
    ],
)
def test_each_fault_is_named(tmp_path: Path, text: str, says: str) -> None:
    path = _written(tmp_path, text)
    with pytest.raises(ConfigError, match=r"^questionnaire .*eget\.toml: ") as raised:
        load_questionnaire(path)
    assert says in str(raised.value)
    assert "\n" not in str(raised.value)


def test_an_unknown_name_says_which_are_shipped() -> None:
    with pytest.raises(ConfigError, match=r"questionnaire vaxel: .*shipped here: kontaktcenter"):
        load_questionnaire("vaxel")
