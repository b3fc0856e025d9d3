"""Telephone numbers as PBXs write them, to E.164 once, at the edge."""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from appliance.types import E164

REGION: Final = "SE"
_MAX_INTERNAL_DIGITS: Final = 6
_BETWEEN: Final = "()./\N{MINUS SIGN}"
_MARKS_BETWEEN: Final = {"Pd", "Cf"}
"""Every dash, and what is not seen at all, as web pages and directories put it in."""
_AROUND: Final = re.compile(r"^(?:tel:|'|=\")|\"$", re.IGNORECASE)
"""A link's beginning, and how a spreadsheet says that digits are text."""
_RINGABLE: Final = {
    phonenumbers.PhoneNumberType.MOBILE,
    phonenumbers.PhoneNumberType.FIXED_LINE,
    phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE,
    phonenumbers.PhoneNumberType.VOIP,
}


class NumberKind(StrEnum):
    """What a caller's number is good for."""

    RINGABLE = "ringable"
    ANONYMOUS = "anonymous"
    INTERNAL = "internal"
    FOREIGN_OR_PREMIUM = "foreign_or_premium"


@dataclass(frozen=True, slots=True)
class CallerNumber:
    kind: NumberKind
    e164: E164 | None = None
    """Set where it is ringable."""


def read_number(written: str | None) -> CallerNumber:
    """What a number field of a call record means: 070…, 467…, +46…, 0046…, an extension, or nothing."""
    digits = _AROUND.sub("", "".join(map(_meant, written or "")))
    if not re.fullmatch(r"\+?\d+", digits) or not digits.strip("+0"):
        return CallerNumber(NumberKind.ANONYMOUS)
    if len(digits) <= _MAX_INTERNAL_DIGITS and not digits.startswith(("+", "0")):
        return CallerNumber(NumberKind.INTERNAL)
    for candidate in _readings(digits):
        number = _parse(candidate)
        if number is None or not phonenumbers.is_valid_number(number):
            continue
        if number.country_code == 46 and phonenumbers.number_type(number) in _RINGABLE:
            e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
            return CallerNumber(NumberKind.RINGABLE, E164(e164))
        break
    return CallerNumber(NumberKind.FOREIGN_OR_PREMIUM)


def _meant(character: str) -> str:
    """A digit of any script as ours; nothing where it only parts or steers."""
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    parts = character.isspace() or character in _BETWEEN or unicodedata.category(character) in _MARKS_BETWEEN
    return "" if parts else character


def _parse(candidate: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(candidate, REGION)
    except phonenumbers.NumberParseException:
        return None


def _readings(digits: str) -> list[str]:
    """As written, with the plus that a trunk dropped, and without the zero that a trunk added."""
    readings = [digits]
    if digits.startswith("46"):
        readings = [f"+{digits}"]
    elif digits.startswith("00"):
        readings = [f"+{digits[2:]}", digits[1:]]
    return readings
