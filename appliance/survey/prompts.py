"""What the citizen hears: the texts, and for each the best sound there is."""

import hashlib
import shutil
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from appliance.errors import AudioError, PromptError
from appliance.settings import PRACTICE_MUNICIPALITY, Settings
from appliance.sound import CALL_RATE_HZ, Samples, read_comment, read_wav, write_wav
from appliance.survey.loudness import fit
from appliance.survey.questionnaire import Questionnaire, Texts, load_questionnaire
from appliance.types import Language

_HERE: Final = Path(__file__).parent
_SAYS: Final = "Efterklang prompt: "
"""So begins the comment in our WAV files; the words follow."""
_STAND_IN: Final = "_any"
"""KEY_any is played in place of a KEY that names the municipality, while no sound of it names this one."""


class Source(StrEnum):
    """Whose sound is played."""

    OWN = "own"
    """The municipality's recording, or its WAV file."""
    MADE = "made"
    """Spoken by the municipality's choice of voice."""
    SHIPPED = "shipped"


class Wording(StrEnum):
    """Whether a sound says its text."""

    CURRENT = "current"
    STALE = "stale"
    """It says other words: the text has changed since, or it is a stand-in."""
    UNKNOWN = "unknown"
    """A WAV file from elsewhere."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One piece of the call and the words it says."""

    key: str
    text: Texts

    @property
    def is_spoken(self) -> bool:
        """False of the one that is a tone."""
        return self.key != "tone"


@dataclass(frozen=True, slots=True)
class Take:
    """The sound of a prompt."""

    path: Path
    source: Source
    words: str | None
    """What it says; None where it does not tell."""
    wording: Wording


def prompt_list(
    questionnaire: Questionnaire | None = None, municipality: str = PRACTICE_MUNICIPALITY
) -> tuple[Prompt, ...]:
    """Every prompt and stand-in: the fixed ones and a questionnaire's questions (the shipped one's by default)."""
    if questionnaire is None:
        questionnaire = load_questionnaire("kontaktcenter")
    fixed = tomllib.loads((_HERE / "prompts.toml").read_text(encoding="utf-8"))
    spoken = {key: _named(Texts.model_validate(texts), municipality) for key, texts in fixed.items()}
    spoken |= {question.prompt: question.text for question in questionnaire.questions}
    return tuple(Prompt(key, text) for key, text in spoken.items())


def genitive(name: str) -> str:
    """Swedish: "Malmös", but "Borås"."""
    return name if name.lower().endswith(("s", "x", "z")) else f"{name}s"


def _named(texts: Texts, municipality: str) -> Texts:
    """The texts with the municipality's name in them."""

    def said(text: str) -> str:
        return text.replace("{municipality}", municipality).replace("{municipality_s}", genitive(municipality))

    return texts.model_copy(update={"sv": said(texts.sv), "en": said(texts[Language.ENGLISH])})


def save_words(path: Path, samples: Samples, words: str) -> None:
    """Write a prompt's sound (8 kHz) with the words that it says in it."""
    write_wav(path, samples, _SAYS + words)


def words_in(path: Path) -> str | None:
    """The words that a sound says; None where it does not tell."""
    comment = read_comment(path)
    return comment.removeprefix(_SAYS) if comment and comment.startswith(_SAYS) else None


class PromptLibrary:
    """One municipality's prompts: its own recordings, then what its voice made, then the shipped ones.

    Of the ordinary questionnaire: all that its calls play. Of another: its questions, each sound under its words, so
    that two questionnaires, or two versions of one, never share a sound that says something else.
    """

    def __init__(self, settings: Settings, questionnaire: Questionnaire | None = None) -> None:
        self._directory = settings.storage.directory / "prompts"
        self._id = questionnaire.id if questionnaire else None
        if questionnaire:
            listed: Iterable[Prompt] = (Prompt(each.prompt, each.text) for each in questionnaire.questions)
        else:
            listed = prompt_list(load_questionnaire(settings.survey.questionnaire), settings.municipality.name)
        self._prompts = {prompt.key: prompt for prompt in listed if not prompt.key.endswith(_STAND_IN)}

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        """Everything that this municipality's calls play."""
        return tuple(self._prompts.values())

    def prompt(self, key: str) -> Prompt:
        """PromptError names the known keys where there is no such prompt."""
        if key not in self._prompts:
            raise PromptError(f"no prompt is called {key}; there are {', '.join(self._prompts)}")
        return self._prompts[key]

    def file(self, key: str, language: Language, source: Source) -> Path:
        """Where a prompt's sound from that source belongs, whether it is there or not."""
        prompt = self.prompt(key)
        name = f"{prompt.key}.wav"
        if source is Source.SHIPPED:
            return _HERE / "audio" / language / name
        own = self._directory / language
        if self._id is not None:
            own, name = own / "asked" / self._id, f"{prompt.key}-{_mark(prompt.text[language])}.wav"
        return own / name if source is Source.OWN else own / "made" / name

    def find(self, key: str, language: Language) -> Take | None:
        """The sound that a call plays: an own one, else the best source that says the right words, else the best."""
        takes = self._takes(self.prompt(key).text[language], key, language)
        return min(takes, key=_rank, default=None)

    def take(self, key: str, language: Language) -> Take:
        """The same; PromptError says what to do where there is none."""
        found = self.find(key, language)
        if found is None:
            raise PromptError(f"prompt {key} has no sound in {language}; {how_to_get(key, language, self._id)}")
        return found

    def missing(self, language: Language) -> list[str]:
        """The prompts that have no sound."""
        return [key for key in self._prompts if self.find(key, language) is None]

    def samples(self, key: str, language: Language) -> Samples:
        """The sound as a call plays it, 8 kHz; a WAV file of the municipality's is made fit."""
        take = self.take(key, language)
        try:
            sound = read_wav(take.path)
        except AudioError as error:
            raise PromptError(f"prompt {key} cannot be played: {error}") from error
        samples = fit(sound) if take.source is Source.OWN else sound.at(CALL_RATE_HZ).samples
        if not samples.size:
            raise PromptError(f"prompt {key} cannot be played: {take.path}: nothing is heard in it")
        return samples

    def save(self, key: str, language: Language, samples: Samples, source: Source) -> Path:
        """Put a sound of the text (8 kHz) in force; an own recording before it is kept as `.bak`."""
        path = self.file(key, language, source)
        try:
            if source is Source.OWN and path.is_file():
                shutil.copy2(path, path.with_suffix(".wav.bak"))
            save_words(path, samples, self.prompt(key).text[language])
        except OSError as error:
            raise PromptError(f"cannot save {path}: {error.strerror}") from error
        return path

    def _takes(self, text: str, key: str, language: Language) -> list[Take]:
        """Every sound there is, the best source first."""
        files = {source: self.file(key, language, source) for source in Source}
        takes = [_take(path, source, text) for source, path in files.items() if path.is_file()]
        if self._id is not None:
            return [take for take in takes if take.wording is not Wording.STALE]
        stand_in = files[Source.SHIPPED].with_stem(f"{key}{_STAND_IN}")
        # A question in other words is not asked with the shipped sound.
        takes = [take for take in takes if take.source is not Source.SHIPPED or take.wording is Wording.CURRENT]
        return [*takes, _take(stand_in, Source.SHIPPED, text)] if stand_in.is_file() else takes


def _rank(take: Take) -> tuple[bool, bool]:
    return (take.source is not Source.OWN, take.wording is not Wording.CURRENT)


def how_to_get(key: str, language: Language, questionnaire_id: str | None = None) -> str:
    """The commands that give a prompt a sound."""
    of = f" --questionnaire {questionnaire_id}" if questionnaire_id else ""
    return f"run: efterklang prompts make {key} --language {language}{of} (or record, in a voice of your own)"


def _mark(words: str) -> str:
    """Tells the words of one sound from those of another, in a file's name."""
    return hashlib.sha256(words.encode()).hexdigest()[:8]


def _take(path: Path, source: Source, text: str) -> Take:
    words = words_in(path)
    if words is None:
        return Take(path, source, None, Wording.UNKNOWN)
    return Take(path, source, words, Wording.CURRENT if words == text else Wording.STALE)
