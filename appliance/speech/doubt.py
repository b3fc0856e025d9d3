"""Whether a text was said: judged by measures alone, with limits that models/README.md gives the figures for. Pure."""

import re
import zlib
from collections import Counter
from typing import Final

from appliance.speech.transcript import Heard
from appliance.types import Doubt

_MOST_NO_SPEECH: Final = 0.35
"""Where voice activity is not sure. Decoded noise, tones and breath: at least 0.44; rendered voices: at most 0.24."""
_LEAST_LOG_PROBABILITY: Final = -1.0
"""OpenAI's, openai/whisper, transcribe.py."""
_MOST_COMPRESSION: Final = 2.4
"""OpenAI's, of a text that repeats itself."""
_SILENT_NO_SPEECH: Final = 0.6
"""OpenAI's: above it, and unlikely too, nobody speaks."""
_MOST_WORDS_PER_SECOND: Final = 7.0
"""People said 1.5 to 6.2 words in a second of speech, noise 5 to 130."""
_CAPTIONS: Final = re.compile(
    r"(svensk)?text(ning|at|en|er)?\b.*|under(text|titl).*|översatt (av|till)\b.*|www\..*|.*\bamara\b.*"
    r"|tack (så mycket )?för att (ni|du) (har )?(titta|lyssna|kolla|såg)\w*.*|.*\bprenumerera\b.*"
    r"|thanks? (you )?(so much )?for (watching|listening).*|subtitles? (by|provided)\b.*",
    re.IGNORECASE,
)
"""Whole texts that Whisper learnt from films."""


def is_spoken(heard: Heard, *, is_sure: bool) -> bool:
    """Whether anybody said it; `is_sure`: voice activity has no doubt that somebody speaks."""
    if is_sure:
        return heard.no_speech <= _SILENT_NO_SPEECH or heard.log_probability >= _LEAST_LOG_PROBABILITY
    return heard.no_speech <= _MOST_NO_SPEECH and heard.log_probability >= _LEAST_LOG_PROBABILITY


def doubts(heard: Heard, spoken_seconds: float) -> frozenset[Doubt]:
    """Why it may not be what was said."""
    found = {
        Doubt.UNLIKELY: heard.log_probability < _LEAST_LOG_PROBABILITY,
        Doubt.REPEATS: heard.is_cut_off
        or len(heard.words) > _MOST_WORDS_PER_SECOND * max(spoken_seconds, 1.0)
        or repeats_itself(heard.text),
        Doubt.CAPTION: _CAPTIONS.fullmatch(heard.text) is not None,
    }
    return frozenset(doubt for doubt, is_so in found.items() if is_so)


def repeats_itself(text: str) -> bool:
    """Whether one phrase comes over and over: the same three words three times, or a text that compresses well."""
    parts = text.lower().split()
    phrases = Counter(zip(parts, parts[1:], parts[2:], strict=False))
    data = text.encode()
    return max(phrases.values(), default=0) >= 3 or len(data) > _MOST_COMPRESSION * len(zlib.compress(data))
