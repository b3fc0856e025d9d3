"""Whether the lines are of a kind that is known already."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

from appliance.errors import IntakeError
from appliance.intake.profile import Profile
from appliance.intake.profile_file import load_profile, shipped_profiles
from appliance.intake.record import Rejected
from appliance.types import EndedContact


def shipped_that_read(raw: Sequence[bytes], now: datetime, zone: ZoneInfo) -> list[str]:
    """The shipped profiles that can read every line."""
    return [name for name in shipped_profiles() if _reads(_shipped(name), raw, now, zone)]


@cache
def _shipped(name: str) -> Profile:
    return load_profile(name)


def _reads(profile: Profile, raw: Sequence[bytes], now: datetime, zone: ZoneInfo) -> bool:
    try:
        contacts, rejected = read_sample(profile, raw, now, zone)
    except IntakeError:
        return False
    return bool(contacts) and not rejected


def read_sample(
    profile: Profile, raw: Sequence[bytes], now: datetime, zone: ZoneInfo
) -> tuple[list[EndedContact], list[Rejected]]:
    """What a profile makes of the sample's lines. IntakeError where it is of another kind from its heading on."""
    reader = profile.reader("sample", zone, lambda line: str(hash(line)))
    items = [reader.read(number, profile.text_of(line), now) for number, line in enumerate(raw, 1)]
    return [each for each in items if isinstance(each, EndedContact)], [
        each for each in items if isinstance(each, Rejected)
    ]
