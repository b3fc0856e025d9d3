"""Whether a sound says the words that it should, by what a recogniser heard in it."""

import re
from typing import Final

import jiwer

from appliance.types import Language

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


def error_rate(said: str, heard: str, language: Language) -> float:
    """The share of letters that were heard wrong, 0 to 1 and above; where words begin and end is not counted."""
    return float(jiwer.cer(letters(said, language), letters(heard, language) or " "))


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
