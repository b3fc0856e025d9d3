"""All prompts of a language in one WAV file: a player is made once for each call slot and only ever seeks."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final

import numpy as np

from appliance.errors import PromptError
from appliance.sound import CALL_RATE_HZ, write_wav
from appliance.survey.prompts import PromptLibrary
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

    def clip(self, key: str) -> Clip:
        """PromptError where the dialogue asks for what no prompt is called."""
        if key not in self.clips:
            raise PromptError(f"no prompt is called {key}; there are {', '.join(self.clips)}")
        return self.clips[key]


def build_atlas(library: PromptLibrary, language: Language, file: Path) -> Atlas:
    """Write the language's atlas to `file`; PromptError where a prompt is missing or unreadable."""
    gap = np.zeros(round(GAP_SECONDS * CALL_RATE_HZ), dtype=np.float32)
    pieces, clips, position = [], {}, 0
    for prompt in library.prompts:
        sound = library.samples(prompt.key, language)
        clips[prompt.key] = Clip(position, len(sound))
        pieces += [sound, gap]
        position += len(sound) + len(gap)
    write_wav(file, np.concatenate(pieces))
    return Atlas(file, MappingProxyType(clips))
