"""Whether a prompt can be understood: as the sound it is, and by what a recogniser heard in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import jiwer

from appliance.sound import CALL_RATE_HZ, Samples
from appliance.survey.loudness import TARGET_DBFS, Level, measure
from appliance.types import Language

MAX_ERROR_RATE: Final = 0.3
"""Measured with whisper-base: our 80 prompts reach 0.26, the words of another prompt begin at 0.32, and of the prompts
cut in half 78 are above it."""
_MAX_OFF_DB: Final = 1.0
_FAINT_DBFS: Final = -45.0
"""Below this a recording is mostly the room's own noise once it is made loud enough."""
_MAX_CLIPPED: Final = 16
"""Samples; a single knock is not heard as distortion."""
_MAX_SECONDS: Final = 30.0
_LETTERS_A_SECOND: Final = (4.0, 22.0)
"""Our prompts have 8 to 17; outside of this something is cut off, or long silence is left in."""

_ONES: Final = {
    Language.SWEDISH: "noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton"
    " arton nitton",
    Language.ENGLISH: "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen",
}
_TENS: Final = {
    Language.SWEDISH: "tjugo trettio fyrtio femtio sextio sjuttio åttio nittio",
    Language.ENGLISH: "twenty thirty forty fifty sixty seventy eighty ninety",
}


class Fault(StrEnum):
    """What is wrong with a prompt."""

    MISSING = "missing"
    """No sound of it can be played."""
    STALE = "stale"
    """It says other words than its text."""
    UNCLEAR = "unclear"
    """The recogniser does not understand it."""
    FAINT = "faint"
    DISTORTED = "distorted"
    LOUDNESS = "loudness"
    """It is louder or softer than the others."""
    LENGTH = "length"
    """It is far too long, or too short or too long for its words."""


@dataclass(frozen=True, slots=True)
class Sounding:
    """A prompt's sound in figures: what came in, and what a call plays of it."""

    recorded: Level
    seconds: float
    rms_dbfs: float


def sounding(recorded: Samples, played: Samples) -> Sounding:
    """Both at 8 kHz."""
    return Sounding(measure(recorded), len(played) / CALL_RATE_HZ, measure(played).rms_dbfs)


def faults_of_sound(sound: Sounding) -> Iterator[Fault]:
    """What can be wrong with any sound, a tone as well."""
    if sound.recorded.rms_dbfs < _FAINT_DBFS:
        yield Fault.FAINT
    if sound.recorded.clipped_samples > _MAX_CLIPPED:
        yield Fault.DISTORTED
    if abs(sound.rms_dbfs - TARGET_DBFS) > _MAX_OFF_DB:
        yield Fault.LOUDNESS
    if sound.seconds > _MAX_SECONDS:
        yield Fault.LENGTH


def faults_of_speech(text: str, heard: str, seconds: float, language: Language) -> Iterator[Fault]:
    """What can be wrong with words, once a recogniser has heard them."""
    if error_rate(text, heard, language) > MAX_ERROR_RATE:
        yield Fault.UNCLEAR
    slowest, fastest = _LETTERS_A_SECOND
    if not slowest <= len(letters(text, language)) / seconds <= fastest:
        yield Fault.LENGTH


def error_rate(text: str, heard: str, language: Language) -> float:
    """The share of letters that were heard wrong, 0 to 1 and above; where words begin and end is not counted."""
    return float(jiwer.cer(letters(text, language) or " ", letters(heard, language)))


def letters(text: str, language: Language) -> str:
    """The text's letters in lower case, numbers spelt out: a recogniser writes "1" where "ett" is said."""
    spelt = re.sub(r"\d\d?", lambda number: _spelt(int(number[0]), language), text.lower())
    return re.sub(r"[\W_]", "", spelt)


def _spelt(number: int, language: Language) -> str:
    ones = _ONES[language].split()
    if number < len(ones):
        return ones[number]
    tens, left = divmod(number, 10)
    return _TENS[language].split()[tens - 2] + (ones[left] if left else "")
