import pytest
from pydantic import ValidationError

from appliance.survey.draft import MAX_SPOKEN_CHARACTERS, Draft, slug
from appliance.survey.questionnaire import load_questionnaire
from appliance.types import Language

SCALE = "Hur bra var beskedet? Svara från 1 till 5."


def draft(text: str = SCALE, kind: str = "scale", language: Language = Language.SWEDISH, **more: str) -> Draft:
    question = {"key": "a", "kind": kind, "label": {"sv": "Beskedet"}, "text": {"sv": text, **more}}
    return Draft.model_validate(
        {"id": "vattnet", "title": "Vattnet", "question": [question]}, context={"language": language}
    )


def test_the_shipped_questions_are_fit_to_be_asked() -> None:
    shipped = load_questionnaire("kontaktcenter").model_copy(update={"title": "Den vanliga"})
    draft = Draft.model_validate_json(shipped.to_json(), context={"language": Language.ENGLISH})
    assert len(draft.questions) == 6


@pytest.mark.parametrize(
    ("text", "kind", "fault"),
    [
        ("Hur bra var beskedet?", "scale", "scale_unsaid"),
        ("Hur bra? Svara från 1 till 15.", "scale", "scale_unsaid"),
        ("Fick du vatten? Svara ja eller nej.", "yes_no", "yes_no_unsaid"),
        (f"{SCALE} {'x' * MAX_SPOKEN_CHARACTERS}", "scale", "spoken_too_long"),
        ("", "scale", "string_too_short"),
    ],
)
def test_each_fault_is_told_at_its_field(text: str, kind: str, fault: str) -> None:
    with pytest.raises(ValidationError) as raised:
        draft(text, kind)
    error = raised.value.errors()[0]
    assert error["type"] == fault
    assert error["loc"][:3] == ("question", 0, "text")


def test_both_languages_say_the_scale() -> None:
    with pytest.raises(ValidationError, match="must say the keys, 1 and 5"):
        draft(en="How good was it?")


def test_english_may_be_left_out_unless_calls_are_in_english() -> None:
    assert draft().questions[0].text[Language.ENGLISH] == SCALE
    with pytest.raises(ValidationError, match="must be in English too"):
        draft(language=Language.ENGLISH)
    draft(language=Language.ENGLISH, en="How good? From 1 to 5.")


@pytest.mark.parametrize(
    ("title", "taken", "name"),
    [
        ("Vattnet i ån, 2026!", (), "vattnet_i_an_2026"),
        ("Vattnet", ("vattnet", "vattnet_2"), "vattnet_3"),
        ("7 frågor", (), "q_7_fragor"),
        ("å" * 90, (), "a" * 36),
        ("", (), "q"),
    ],
)
def test_a_name_is_made_of_a_title(title: str, taken: tuple[str, ...], name: str) -> None:
    assert slug(title, taken) == name
