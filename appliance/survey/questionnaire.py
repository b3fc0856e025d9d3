"""The questionnaire: which questions are asked, in which words, with which valid keys."""

import tomllib
from collections.abc import Container
from pathlib import Path
from typing import Annotated, Final, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from appliance.errors import ConfigError
from appliance.types import Language

_SHIPPED: Final = Path(__file__).parent / "questionnaires"

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Texts(_Frozen):
    """One text in the languages of the box; a questionnaire may do without English where nobody is asked in it."""

    sv: Text
    en: Text | None = None

    def __getitem__(self, language: Language) -> str:
        """In that language, else in Swedish."""
        return self.en or self.sv if language is Language.ENGLISH else self.sv


class Question(_Frozen):
    """One question, answered with one key."""

    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    kind: Literal["scale", "yes_no"]
    """`scale` is 1–5; `yes_no` is 1 for yes, 2 for no; 0 is no opinion in both."""
    label: Texts
    """Short, for the page."""
    text: Texts
    """What is spoken."""

    @property
    def valid_values(self) -> frozenset[int]:
        """The values an answer may have; 0 is none of them, it is no opinion."""
        return frozenset({1, 2} if self.kind == "yes_no" else {1, 2, 3, 4, 5})

    @property
    def prompt(self) -> str:
        """The key of its prompt."""
        return f"question_{self.key}"


class Questionnaire(_Frozen):
    """The questions in the order they are asked; frozen into each interview as JSON."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_-]{0,39}$")
    version: int = Field(1, ge=1)
    """The store gives another content another version, whatever stands here."""
    title: str = Field("", max_length=80)
    """For the page."""
    questions: tuple[Question, ...] = Field(alias="question", min_length=1, max_length=8)

    @model_validator(mode="after")
    def _unique_keys(self) -> "Questionnaire":
        keys = [question.key for question in self.questions]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise ValueError(f"two questions have the key {twice[0]}")
        return self

    @property
    def name(self) -> str:
        """Its title, else its id."""
        return self.title or self.id

    def speaks(self, language: Language) -> bool:
        """Whether every question has its words in the language."""
        return language is Language.SWEDISH or all(question.text.en for question in self.questions)

    def asks_as(self, other: "Questionnaire") -> bool:
        """Whether both ask the same in the same words."""
        return self.questions == other.questions

    def only(self, prompts: Container[tuple[str, str]], language: Language) -> "Questionnaire":
        """With those questions alone whose prompt is among (key, words); it may have none."""
        kept = tuple(each for each in self.questions if (each.prompt, each.text[language]) in prompts)
        return self.model_copy(update={"questions": kept})

    def to_json(self) -> str:
        """The whole questionnaire, as an interview keeps it; what stands at its default is left out."""
        return self.model_dump_json(by_alias=False, exclude_defaults=True)

    @classmethod
    def from_json(cls, text: str) -> "Questionnaire":
        """What `to_json` gave."""
        return cls.model_validate_json(text)


_Model = TypeVar("_Model", bound=Questionnaire)


def load_questionnaire(name_or_path: str | Path) -> Questionnaire:
    """A shipped questionnaire by name, or one from a TOML file; ConfigError says in one line what is wrong."""
    return read_questionnaire(name_or_path, Questionnaire)


def read_questionnaire(name_or_path: str | Path, model: type[_Model], language: Language | None = None) -> _Model:
    """The same as another model, whose validators are told the calls' language."""
    path = Path(name_or_path)
    if path.suffix != ".toml":
        path = _SHIPPED / f"{path.name}.toml"
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return model.model_validate(table, context={"language": language})
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
        shipped = ", ".join(sorted(file.stem for file in _SHIPPED.glob("*.toml")))
        raise ConfigError(f"questionnaire {name_or_path}: {reason}; shipped here: {shipped}") from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"questionnaire {path}: not valid TOML: {error}") from error
    except ValidationError as error:
        raise ConfigError(f"questionnaire {path}: {_first(error)}") from error


def _first(error: ValidationError) -> str:
    """The first fault in one line, questions counted from 1."""
    fault = error.errors()[0]
    where = [f"{part + 1}" if isinstance(part, int) else part for part in fault["loc"]]
    message = fault["msg"].removeprefix("Value error, ")
    more = f" (and {error.error_count() - 1} more)" if error.error_count() > 1 else ""
    return f"{' '.join(where)}{': ' if where else ''}{message[0].lower()}{message[1:]}{more}"
