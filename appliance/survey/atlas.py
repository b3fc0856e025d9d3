"""All prompts of a language in one WAV file: a player is made once for each call slot and only ever seeks."""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from appliance.errors import PromptError
from appliance.sound import CALL_RATE_HZ, Samples, write_wav
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import Questionnaire
from appliance.types import Language

GAP_SECONDS: Final = 1.5
"""Silence after each clip, so that a player stopped late plays nothing of the next."""


@dataclass(frozen=True, slots=True)
class Clip:
    """Where in the atlas a prompt lies, in samples of 1/8000 s."""

    start_sample: int
    samples: int

    @property
    def seconds(self) -> float:
        return self.samples / CALL_RATE_HZ


@dataclass(frozen=True, slots=True)
class Atlas:
    """One language's prompts: an 8 kHz 16-bit mono WAV file and where in it each one lies."""

    file: Path
    clips: Mapping[str, Clip]
    questions: Mapping[tuple[str, str], Clip] = field(default_factory=dict)
    """Those of other questionnaires than the ordinary one, by key and words."""

    def asking(self, questionnaire: Questionnaire, language: Language) -> "Atlas":
        """The same file, where the questions are this questionnaire's."""
        own = {question.prompt: (question.prompt, question.text[language]) for question in questionnaire.questions}
        found = {key: self.questions[words] for key, words in own.items() if words in self.questions}
        return replace(self, clips=MappingProxyType({**self.clips, **found}))

    def clip(self, key: str) -> Clip:
        """PromptError where the dialogue asks for what no prompt is called."""
        if key not in self.clips:
            raise PromptError(f"no prompt is called {key}; there are {', '.join(self.clips)}")
        return self.clips[key]


def build_atlas(library: PromptLibrary, language: Language, file: Path, others: Iterable[PromptLibrary] = ()) -> Atlas:
    """Write the language's atlas to `file`; PromptError where a prompt is missing or unreadable.

    `others` are questionnaires that may be asked instead: a question of theirs without a sound is left out.
    """
    sounds = [(prompt.key, library.samples(prompt.key, language)) for prompt in library.prompts]
    questions = {}
    for other in others:
        for prompt in other.prompts:
            with suppress(PromptError):
                questions[prompt.key, prompt.text[language]] = other.samples(prompt.key, language)
    pieces, clips = _lay_out([*(sound for _, sound in sounds), *questions.values()])
    write_wav(file, np.concatenate(pieces))
    own, more = clips[: len(sounds)], clips[len(sounds) :]
    return Atlas(
        file,
        MappingProxyType(dict(zip((key for key, _ in sounds), own, strict=True))),
        MappingProxyType(dict(zip(questions, more, strict=True))),
    )


def _lay_out(sounds: Sequence[Samples]) -> tuple[list[Samples], list[Clip]]:
    """The sounds one after another with a gap after each, and where each lies."""
    gap = np.zeros(round(GAP_SECONDS * CALL_RATE_HZ), dtype=np.float32)
    pieces: list[Samples] = []
    clips, position = [], 0
    for sound in sounds:
        clips.append(Clip(position, len(sound)))
        pieces += [sound, gap]
        position += len(sound) + len(gap)
    return pieces, clips
