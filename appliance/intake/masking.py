"""Whatever looks like a telephone number, masked, before anything of a call record is kept."""

import re
from typing import Final

_YEAR_FIRST: Final = r"20[2-9]\d(?P<dash>[-/.]?)(?:0[1-9]|1[0-2])(?P=dash)(?:0[1-9]|[12]\d|3[01])"
_YEAR_LAST: Final = r"[0-3]?\d(?P<stroke>[/.])[0-3]?\d(?P=stroke)20[2-9]\d"
_DATE: Final = rf"(?:{_YEAR_FIRST}|{_YEAR_LAST})"
_TIME: Final = r"(?:[T ][0-2]\d[:.][0-5]\d(?:[:.][0-5]\d)?|T?[0-2]\d[0-5]\d(?:[0-5]\d)?)?"
_CLOCK: Final = r"[0-2]\d:[0-5]\d(?::[0-5]\d)?"
_MOMENT: Final = rf"(?<![\d+:*'])(?:{_DATE}{_TIME}(?![-+]\d{{4}}(?!\d))|{_CLOCK})(?![\d:*'])"
_SPACED: Final = r"[ \u00a0\u2009\u202f()./\-\u2010-\u2015_'\u2019*:]*"
_PATTERN: Final = re.compile(rf"(?P<moment>{_MOMENT})|\+?\(?\d(?:{_SPACED}\d){{4,}}")
"""When a call was is left as it is, but no personal number; five digits or more are not, however they are spaced."""
_BEGINNING: Final = re.compile(r"\+?0{0,3}(?:46)?")


_SHAPED: Final = re.compile(r"(\d)|[^\t\x20-/:-@\[-`{-~]")
_SHAPED_CHARACTERS: Final = 1000


def shape(text: str) -> str:
    """What a line looked like, and nothing that stood in it: 0 for a digit, x for all but what may separate values."""
    return _SHAPED.sub(lambda found: "0" if found[1] else "x", text[:_SHAPED_CHARACTERS])


def mask(text: str) -> str:
    """The text with what looks like a telephone number as x; dates with their times stay."""
    return _PATTERN.sub(lambda found: found[0] if found["moment"] else mask_number(found[0]), text)


def mask_number(number: str) -> str:
    """All of it as x, but for how it begins (+46, 0046, 00, 0) and what spaces it."""
    beginning = _BEGINNING.match(number)
    kept = beginning.end() if beginning else 0
    return number[:kept] + re.sub(r"[^\W_]", "x", number[kept:])
