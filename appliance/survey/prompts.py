"""What the citizen hears: the texts, and for each the best sound there is."""

import shutil
import tomllib
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from appliance.errors import PromptError
from appliance.settings import PRACTICE_MUNICIPALITY, Settings
from appliance.sound import Samples, read_comment, write_wav
from appliance.survey.questionnaire import Questionnaire, Texts, load_questionnaire
from appliance.types import Language

_HERE: Final = Path(__file__).parent
_SAYS: Final = "Efterklang prompt: "
"""So begins the comment in our WAV files; the words follow."""
_UNNAMED: Final = "_any"
"""Ends the key of a prompt that takes the place of another where the municipality is not the practice one."""


class Source(StrEnum):
    """Whose recording is played."""

    OWN = "own"
    SHIPPED = "shipped"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Prompt:
    """One piece of the call and the words it says."""

    key: str
    text: Texts
    shipped_as: str
    """The name of the file that ships with these words."""

    @property
    def is_spoken(self) -> bool:
        """False of the one that is a tone."""
        return self.key != "tone"


def prompt_list(
    questionnaire: Questionnaire | None = None, municipality: str = PRACTICE_MUNICIPALITY
) -> tuple[Prompt, ...]:
    """Every prompt that is heard: the fixed ones and a questionnaire's questions (the shipped one's by default)."""
    if questionnaire is None:
        questionnaire = load_questionnaire("kontaktcenter")
    fixed = tomllib.loads((_HERE / "prompts.toml").read_text(encoding="utf-8"))
    spoken = {key: _named(Texts.model_validate(texts), municipality) for key, texts in fixed.items()}
    spoken |= {question.prompt: question.text for question in questionnaire.questions}
    return tuple(Prompt(key, text, shipped_as=key) for key, text in spoken.items())


def save_words(path: Path, samples: Samples, words: str) -> None:
    """Write a prompt's sound (8 kHz) with the words that it says in it."""
    write_wav(path, samples, _SAYS + words)


def words_in(path: Path) -> str | None:
    """The words that a sound says; None where it does not tell."""
    comment = read_comment(path)
    return comment.removeprefix(_SAYS) if comment and comment.startswith(_SAYS) else None


def _named(texts: Texts, municipality: str) -> Texts:
    """The texts with the municipality's name in them."""
    names = {"{municipality}": municipality, "{municipality_s}": genitive(municipality)}
    return texts.model_copy(update={tongue: _replaced(text, names) for tongue, text in texts})


def genitive(name: str) -> str:
    """Swedish: "Malmös", but "Borås"."""
    return name if name.lower().endswith(("s", "x", "z")) else f"{name}s"


def _replaced(text: str, names: dict[str, str]) -> str:
    for mark, name in names.items():
        text = text.replace(mark, name)
    return text


@cache
def _shipped_texts() -> dict[str, Texts]:
    return {prompt.key: prompt.text for prompt in prompt_list()}


class PromptLibrary:
    """One municipality's prompts: its own recordings before the shipped ones."""

    def __init__(self, settings: Settings) -> None:
        self._own = settings.storage.directory / "prompts"
        listed = {prompt.key: prompt for prompt in prompt_list(load_questionnaire(settings.survey.questionnaire))}
        for unnamed in [prompt for prompt in listed.values() if prompt.key.endswith(_UNNAMED)]:
            del listed[unnamed.key]
            if settings.municipality.name != PRACTICE_MUNICIPALITY:
                key = unnamed.key.removesuffix(_UNNAMED)
                listed[key] = replace(unnamed, key=key)
        self._prompts = listed

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Everything that this municipality's calls play."""
        return tuple(self._prompts.values())

    def prompt(self, key: str) -> Prompt:
        """PromptError names the known keys where there is no such prompt."""
        if key not in self._prompts:
            raise PromptError(f"no prompt is called {key}; there are {', '.join(self._prompts)}")
        return self._prompts[key]

    def own_path(self, key: str, language: Language) -> Path:
        """Where the municipality's own recording belongs, whether it is there or not."""
        return self._own / language / f"{self.prompt(key).key}.wav"

    def source(self, key: str, language: Language) -> Source:
        """Whose recording a call would play."""
        if self.own_path(key, language).is_file():
            return Source.OWN
        return Source.SHIPPED if self._shipped(key, language) else Source.MISSING

    def path(self, key: str, language: Language) -> Path:
        """The sound to play; PromptError says what to record where there is none."""
        own = self.own_path(key, language)
        path = own if own.is_file() else self._shipped(key, language)
        if path is None:
            raise PromptError(
                f"prompt {key} has no sound in {language}: record it with"
                f" `efterklang prompts record {key} --language {language}`"
            )
        return path

    def save_own(self, key: str, language: Language, samples: Samples) -> Path:
        """Put the municipality's own recording (8 kHz) in force; the one before it is kept as `.bak`."""
        path = self.own_path(key, language)
        try:
            if path.is_file():
                shutil.copy2(path, path.with_suffix(".wav.bak"))
            write_wav(path, samples)
        except OSError as error:
            raise PromptError(f"cannot save {path}: {error.strerror}") from error
        return path

    def _shipped(self, key: str, language: Language) -> Path | None:
        """The shipped sound where it says these very words: a municipality's own question has none."""
        prompt = self.prompt(key)
        path = _HERE / "audio" / language / f"{prompt.shipped_as}.wav"
        says = _shipped_texts().get(prompt.shipped_as)
        return path if says is not None and says[language] == prompt.text[language] and path.is_file() else None
