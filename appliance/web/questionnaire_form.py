"""The form in which a questionnaire is written: what was typed, what is wrong with it, and what it makes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from pydantic import ValidationError

from appliance.survey.draft import MAX_QUESTIONS, Draft, slug
from appliance.survey.questionnaire import Questionnaire
from appliance.types import Language

_REQUIRED: Final = {"missing", "string_too_short", "string_type"}
_TOLD: Final = {
    *("string_too_long", "label_too_long", "spoken_too_long", "scale_unsaid", "yes_no_unsaid", "no_english"),
    "no_question",
}
_FIELDS: Final = {"label": "label_sv", "text": "text_sv"}


@dataclass(frozen=True, slots=True)
class Row:
    """One question as it stands in the form."""

    key: str = ""
    """Empty of a new one; a question that was asked before goes on with its series."""
    kind: str = "scale"
    label_sv: str = ""
    text_sv: str = ""
    label_en: str = ""
    text_en: str = ""

    @property
    def is_used(self) -> bool:
        return any((self.label_sv, self.text_sv, self.label_en, self.text_en))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field: a key of the texts and what is filled in."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Form:
    title: str = ""
    rows: tuple[Row, ...] = (Row(),) * MAX_QUESTIONS

    @classmethod
    def typed(cls, given: Mapping[str, str]) -> "Form":
        rows = [
            Row(**{name: given.get(f"q{number}_{name}", "").strip() for name in Row.__slots__})
            for number in range(MAX_QUESTIONS)
        ]
        return cls(given.get("title", "").strip(), tuple(rows))

    @classmethod
    def of(cls, questionnaire: Questionnaire) -> "Form":
        """A version, to be changed into the next one."""
        rows = [
            Row(each.key, each.kind, each.label.sv, each.text.sv, each.label.en or "", each.text.en or "")
            for each in questionnaire.questions
        ]
        return cls(questionnaire.name, (*rows, *[Row()] * (MAX_QUESTIONS - len(rows))))

    def read(
        self, questionnaire_id: str, before: Questionnaire | None, language: Language
    ) -> tuple[Draft | None, dict[str, Fault]]:
        """The questionnaire, or what is wrong by the field's name. `before` is its version until now."""
        used = [(number, row) for number, row in enumerate(self.rows) if row.is_used]
        if not used:
            return None, {"q0_text_sv": Fault("no_question")}
        keys = _keys([row for _, row in used], before)
        questions = [_question(row, key) for (_, row), key in zip(used, keys, strict=True)]
        table = {"id": questionnaire_id, "title": self.title, "question": questions}
        try:
            return Draft.model_validate(table, context={"language": language}), {}
        except ValidationError as error:
            return None, _faults(error, [number for number, _ in used])


def _keys(rows: list[Row], before: Questionnaire | None) -> list[str]:
    """A question keeps its key while its kind stays; others get one of their label, so that no series is mixed."""
    kinds = {question.key: question.kind for question in before.questions} if before else {}
    keys: list[str] = []
    for row in rows:
        kept = row.key if kinds.get(row.key) == row.kind and row.key not in keys else None
        keys.append(kept or slug(row.label_sv, {*keys, *kinds}))
    return keys


def _question(row: Row, key: str) -> dict[str, Any]:
    label = {"sv": row.label_sv} | ({"en": row.label_en} if row.label_en else {})
    text = {"sv": row.text_sv} | ({"en": row.text_en} if row.text_en else {})
    return {"key": key, "kind": row.kind, "label": label, "text": text}


def _faults(error: ValidationError, numbers: list[int]) -> dict[str, Fault]:
    """By field; the first of each. A list that is too short only because its items are wrong is no fault of its own."""
    faults: dict[str, Fault] = {}
    for one in error.errors():
        match one["loc"]:
            case ("question", int(index), str(part), *language):
                name = f"{part}_{language[0]}" if language else _FIELDS.get(part, part)
                name = f"q{numbers[index]}_{'text_en' if one['type'] == 'no_english' else name}"
            case ("title",):
                name = "title"
            case _:
                continue
        kind = "required" if one["type"] in _REQUIRED else one["type"] if one["type"] in _TOLD else "wrong"
        faults.setdefault(name, Fault(kind, one.get("ctx", {})))
    return faults
