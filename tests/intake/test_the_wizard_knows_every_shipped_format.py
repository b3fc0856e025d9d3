import re

import pytest
from days import FORMATS, OPENS, day
from profiles import fingerprint
from records import NOW, STOCKHOLM

from appliance.intake.profile import Profile
from appliance.intake.profile_file import load_profile
from appliance.intake.wizard.wizard import Proposal, propose
from appliance.types import EndedContact

ANSWERED = {
    "avaya-cm": {
        "time-is": "end",
        "time-format": "%d%m%y %H%M",
        "number": "c5",
        "called": "c6",
        "talk": "c4",
        "wait": "none",
        "answered": "c1",
        "direction": "none",
        "queue": "c7",
        "call-id": "none",
        "answered.H": "no",
    },
    "ip-office": {
        "time-is": "begin",
        "number": "c4",
        "called": "c6",
        "direction": "c5",
        "talk": "c2",
        "talk-format": "h:mm:ss",
        "wait": "c3",
        "answered": "none",
        "queue": "none",
        "call-id": "none",
        "direction.I": "inbound",
        "direction.O": "outbound",
    },
}
"""What somebody who knows the PBX says where its format is taken for an unknown one."""


def good(name: str, lines: int, *, headings: bool = True) -> list[bytes]:
    found = [line for line in day(name, 400, 7) if line.meant or (line.is_heading and headings)]
    return [line.raw.rstrip(b"\r\n") for line in found[:lines]]


def read(profile: Profile, raw: list[bytes]) -> list[object]:
    reader = profile.reader("pbx", STOCKHOLM, fingerprint)
    return [reader.read(number, profile.text_of(line), NOW) for number, line in enumerate(raw, 1)]


@pytest.mark.parametrize("name", FORMATS)
def test_twenty_lines_are_enough_to_know_it(name: str) -> None:
    found = propose(good(name, 20), {}, NOW, STOCKHOLM)
    assert isinstance(found, Proposal), found
    assert f'base = "{name}"' in found.text
    whole = good(name, 300)
    assert read(found.profile, whole) == read(load_profile(name), whole)


@pytest.mark.parametrize("name", ANSWERED)
def test_taken_for_an_unknown_format_it_is_read_the_same_by_the_answers(name: str) -> None:
    given = {"format": "other"}
    raw = good(name, 20, headings=False)
    while not isinstance(found := propose(raw, given, NOW, STOCKHOLM), Proposal):
        key = found[0].key
        given[key] = ANSWERED[name].get(key, "yes" if key.startswith("answered.") else "none")
    for ours, theirs in zip(read(found.profile, raw), read(load_profile(name), raw), strict=True):
        assert isinstance(ours, EndedContact)
        assert isinstance(theirs, EndedContact)
        assert (ours.number, ours.talk_seconds) == (theirs.number, theirs.talk_seconds)
        assert abs((ours.ended_at - theirs.ended_at).total_seconds()) <= 12, "a call on hold was not asked for"


def test_the_profile_says_what_its_keys_are() -> None:
    found = propose(good("efterklang", 20), {"format": "other"}, NOW, STOCKHOLM)
    assert isinstance(found, Proposal)
    for table in ("ended", "number", "queue", "wait", "talk", "direction", "answered"):
        assert re.search(rf"^# .+\n\[{table}\]$", found.text, re.MULTILINE)
    assert OPENS.year == found.contacts[0].ended_at.year
