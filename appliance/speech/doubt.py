"""Whether a text was said: judged by measures alone, with limits that models/README.md gives the figures for. Pure."""

import zlib
from collections import Counter
from dataclasses import dataclass
from typing import Final

from appliance.speech.captions import is_caption, without_captions
from appliance.speech.languages import UNSPACED
from appliance.speech.transcript import Heard, Word
from appliance.types import Doubt

_MOST_NO_SPEECH: Final = 0.35
"""Where voice activity is not sure. Decoded tones, clicks, breath: at least 0.44; a word or two alone: at most 0.34."""
_LEAST_LOG_PROBABILITY: Final = -1.0
"""OpenAI's, openai/whisper, transcribe.py."""
_PLAIN_LOG_PROBABILITY: Final = -0.6
"""Voices that voice activity hardly knows are nevertheless heard this well; noise at most so in a text that repeats."""
_LEAST_CONFIDENCE: Final = 0.4
"""Of human sentences below it three words in four were wrong."""
_MOST_COMPRESSION: Final = 2.4
"""OpenAI's, of a text that repeats itself."""
_SILENT_NO_SPEECH: Final = 0.6
"""OpenAI's: above it, and unlikely too, nobody speaks."""
_MOST_WORDS_PER_SECOND: Final = 7.0
"""People said 1.5 to 6.2 words in a second of speech, noise 5 to 130."""
_LEAST_WORDS_PER_SECOND: Final = 1.3
_LONG_SECONDS: Final = 4.0
"""Of speech; in less than this a word alone is nothing odd."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What was heard in one piece, without what cannot have been said."""

    words: tuple[Word, ...]
    language: str
    is_spoken: bool
    """False: nobody can have said it."""
    doubts: frozenset[Doubt]

    @property
    def confidence(self) -> float:
        return _confidence(self.words)


def judge(heard: Heard, spoken_seconds: float, *, is_sure: bool) -> Judged:
    """By all measures; `is_sure`: voice activity has no doubt that somebody speaks."""
    words = without_captions(heard.words)
    found = {
        Doubt.UNLIKELY: heard.log_probability < _LEAST_LOG_PROBABILITY or _confidence(words) < _LEAST_CONFIDENCE,
        Doubt.REPEATS: heard.is_cut_off
        or len(words) > _MOST_WORDS_PER_SECOND * max(spoken_seconds, 1.0)
        or repeats_itself(heard.text),
        Doubt.MISSING: spoken_seconds >= _LONG_SECONDS
        and heard.language not in UNSPACED
        and len(words) < _LEAST_WORDS_PER_SECOND * spoken_seconds,
        Doubt.CAPTION: is_caption(" ".join(word.text for word in words)),
        Doubt.HARDLY_SPEECH: not is_sure and heard.log_probability < _PLAIN_LOG_PROBABILITY,
    }
    doubts = frozenset(doubt for doubt, is_so in found.items() if is_so)
    return Judged(words, heard.language, bool(words) and _is_spoken(heard, is_sure=is_sure), doubts)


def better(first: Judged, second: Judged) -> Judged:
    """The one to keep: where both were said the less doubtful one, then that of the surer words."""
    if first.is_spoken and second.is_spoken:
        return min(first, second, key=lambda each: (len(each.doubts), -each.confidence))
    is_first = first.is_spoken and Doubt.CAPTION not in first.doubts
    return first if is_first else second


def repeats_itself(text: str) -> bool:
    """Whether one phrase comes over and over: the same three words three times, or a text that compresses well."""
    parts = text.lower().split()
    phrases = Counter(zip(parts, parts[1:], parts[2:], strict=False))
    data = text.encode()
    return max(phrases.values(), default=0) >= 3 or len(data) > _MOST_COMPRESSION * len(zlib.compress(data))


def _is_spoken(heard: Heard, *, is_sure: bool) -> bool:
    if is_sure:
        return heard.no_speech <= _SILENT_NO_SPEECH or heard.log_probability >= _LEAST_LOG_PROBABILITY
    # "Nej." alone has a log-probability of −1.1 to −1.9: the fewer the words, the less of them the model expected.
    return heard.no_speech <= _MOST_NO_SPEECH


def _confidence(words: tuple[Word, ...]) -> float:
    return sum(word.confidence for word in words) / max(1, len(words))
