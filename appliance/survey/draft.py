"""A questionnaire that somebody writes today: what is asked of it before it may be spoken to citizens.

One that is kept already is not asked again: an interview that began with it goes on. No machine can see promotion in a
question (law.md L16), so whoever schedules one is reminded.
"""

import re
import unicodedata
from collections.abc import Collection
from typing import Final

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from appliance.survey.questionnaire import Question, Questionnaire, Texts
from appliance.types import Language

MAX_QUESTIONS: Final = 8
MAX_SPOKEN_CHARACTERS: Final = 300
"""About 20 s of speech; the shipped questions have 90 to 130."""
MAX_LABEL_CHARACTERS: Final = 60
_KEYS_TO_SAY: Final[dict[str, tuple[str, ...]]] = {"scale": ("1", "5"), "yes_no": ("1", "2")}
"""The answer scale is said in the question: a citizen cannot see it."""
_MAX_KEY_CHARACTERS: Final = 36


class DraftQuestion(Question):
    """A question that can be understood by ear alone."""

    @field_validator("label")
    @classmethod
    def _short(cls, label: Texts) -> Texts:
        if max(len(label.sv), len(label.en or "")) > MAX_LABEL_CHARACTERS:
            limit = {"limit": MAX_LABEL_CHARACTERS}
            raise PydanticCustomError("label_too_long", "label is longer than {limit} characters", limit)
        return label

    @field_validator("text")
    @classmethod
    def _can_be_asked(cls, text: Texts, info: ValidationInfo) -> Texts:
        words = [text.sv, *([text.en] if text.en else [])]
        if max(map(len, words)) > MAX_SPOKEN_CHARACTERS:
            limit = {"limit": MAX_SPOKEN_CHARACTERS}
            raise PydanticCustomError("spoken_too_long", "text is longer than {limit} characters, about 20 s", limit)
        keys = _KEYS_TO_SAY.get(info.data.get("kind", ""), ())
        if not all(re.search(rf"\b{key}\b", each) for key in keys for each in words):
            kind = info.data["kind"]
            said = {"first": keys[0], "last": keys[-1]}
            raise PydanticCustomError(f"{kind}_unsaid", "text must say the keys, {first} and {last}, in figures", said)
        if (info.context or {}).get("language") is Language.ENGLISH and not text.en:
            raise PydanticCustomError("no_english", "calls are in English, so the text must be in English too")
        return text


class Draft(Questionnaire):
    """A questionnaire to be scheduled; validate it with `context={"language": the calls' language}`."""

    title: str = Field(min_length=1, max_length=80)
    questions: tuple[DraftQuestion, ...] = Field(alias="question", min_length=1, max_length=MAX_QUESTIONS)


def slug(text: str, taken: Collection[str] = (), separator: str = "_") -> str:
    """An id or key from a title: small letters, digits and the separator, none of those taken."""
    plain = unicodedata.normalize("NFKD", text.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", separator, plain).strip(separator)
    name = (words if words[:1].isalpha() else f"q{separator}{words}")[:_MAX_KEY_CHARACTERS].strip(separator)
    numbered = (f"{name}{separator}{number}" for number in range(2, 100))
    return name if name not in taken else next(each for each in numbered if each not in taken)
