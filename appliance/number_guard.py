"""Which numbers may be rung at all; the same guard stands at the intake, at `dial`, and right before each call."""

import re
from dataclasses import dataclass
from typing import Final, Self

import phonenumbers

from appliance.errors import NumberError
from appliance.numbers import REGION, read_number
from appliance.settings import Settings

_EXTENSION: Final = re.compile(r"[1-9][0-9]{1,5}")
_SERVICE: Final = re.compile(r"11[2-8]\d*|90\d{3}")
"""Short numbers by the Swedish numbering plan: alarm, advice, directories, collections."""
_OUTSIDE_LINE: Final = re.compile(r"9(?=112|90000)")
"""Dialled on many a PBX to get an outside line."""


@dataclass(frozen=True, slots=True)
class NumberGuard:
    """Lets Swedish subscribers in the allowed ranges pass, and for staff's own tests an internal extension."""

    ranges: tuple[str, ...]
    own: frozenset[str]
    """What rings ourselves: the number we show, our name at the PBX, the survey extension."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The guard that a box's settings set up."""
        sip = settings.sip
        if sip is None:
            return cls(settings.dialer.allowed_ranges, frozenset())
        caller_id = read_number(sip.caller_id).e164
        own = {sip.caller_id, sip.user, sip.survey_extension, caller_id or ""} - {""}
        return cls(settings.dialer.allowed_ranges, frozenset(own))

    def check(self, number: str, *, extensions: bool = False) -> None:
        """NumberError, which does not repeat the number, where it must not be rung."""
        if reason := self.refusal(number, extensions=extensions):
            raise NumberError(f"this number is not rung: {reason}")

    def refusal(self, number: str, *, extensions: bool = False) -> str | None:
        """Why a number, in international form or an extension, must not be rung; None where it may."""
        if number in self.own:
            return "it is our own"
        if re.fullmatch(_EXTENSION, number):
            if _is_service(number):
                return "it is an emergency or service number"
            return None if extensions else "it is an extension"
        if read_number(number).e164 != number:
            return "it is no Swedish subscriber's number"
        return None if number.startswith(self.ranges) else "it is outside dialer.allowed_ranges"


def _is_service(number: str) -> bool:
    """Whether a short number reaches an alarm centre or a service, as it is or behind the digit for an outside line."""
    return any(
        phonenumbers.connects_to_emergency_number(digits, REGION)
        or re.fullmatch(_SERVICE, digits)
        or _costs(digits) != phonenumbers.ShortNumberCost.UNKNOWN_COST
        for digits in (number, _OUTSIDE_LINE.sub("", number))
    )


def _costs(digits: str) -> int:
    return phonenumbers.expected_cost_for_region(phonenumbers.parse(digits, REGION), REGION)
