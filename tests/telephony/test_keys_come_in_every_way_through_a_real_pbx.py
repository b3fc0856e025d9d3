"""One box an endpoint, one endpoint a way of sending keys, and citizens whose telephone sends a key in two ways."""

import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack

import pytest
from pbx.asterisk import RELEASES, Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import ANSWERS, WAIT_FOR_THE_END, Citizen, says
from pbx.config import PASSWORD

from appliance.types import E164, Outcome

MODES = {
    "rfc4733": "rfc4733",
    "info": "info",
    "inband": "inband",
    "auto": "rfc4733",
    "auto_info": "rfc4733",
}
"""Asterisk's dtmf_mode, and how its keys then reach a box that offers telephone-event."""
ENDPOINT = """
[keys-{mode}]
type = endpoint
context = citizens
allow = !all,{codec}
direct_media = no
dtmf_mode = {mode}
aors = keys-{mode}
auth = keys-{mode}
[keys-{mode}]
type = auth
auth_type = userpass
username = keys-{mode}
password = {password}
[keys-{mode}]
type = aor
max_contacts = 1
"""
TONES = {"1": "697+1209", "4": "770+1209", "#": "941+1477"}


def sends(key: str) -> tuple[str, ...]:
    return ("Wait(1.5)", f"SendDTMF({key},100,120)")


def sends_and_sounds(key: str) -> tuple[str, ...]:
    """A gateway that lets the tone through as well."""
    return ("Wait(1.5)", f"Playtones({TONES[key]})", f"SendDTMF({key},100,250)", "StopPlaytones()")


def answers_all(press: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return ("Answer()", *(step for key in "1" + ANSWERS for step in press(key)))


def comments_too(press: Callable[[str], tuple[str, ...]]) -> tuple[str, ...]:
    return (*answers_all(press), *says(), *press("#"), *press("1"), WAIT_FOR_THE_END)


IN_HASTE = Citizen(E164("+46701740699"), (*answers_all(sends), "Wait(1)"), Outcome.COMPLETED, 6)
PLAIN = Citizen(E164("+46701740698"), comments_too(sends), Outcome.COMPLETED, 6, comment=True)
LEAKING = Citizen(E164("+46701740697"), comments_too(sends_and_sounds), Outcome.COMPLETED, 6, comment=True)


def exchange(start_asterisk: Callable[..., Asterisk], release: str) -> Asterisk:
    endpoints = [
        ENDPOINT.format(mode=mode, password=PASSWORD, codec=("alaw", "ulaw")[number % 2])
        for number, mode in enumerate(MODES)
    ]
    return start_asterisk(release, citizens=[IN_HASTE, PLAIN, LEAKING], extra_pjsip="\n".join(["", *endpoints]))


def ring(boxes: dict[str, Box], citizens: dict[str, list[Citizen]]) -> None:
    """Each box rings its own, and each call comes out right."""
    rung = [(mode, citizen, box.queue(citizen)) for mode, box in boxes.items() for citizen in citizens[mode]]
    with ExitStack() as lines:
        for box in boxes.values():
            lines.enter_context(box.line())
        wait_until(lambda: all(boxes[mode].is_over(interview) for mode, _, interview in rung), 150)
    went = [(m, c.number, boxes[m].last_outcome(i), boxes[m].answers(i), boxes[m].has_comment(i)) for m, c, i in rung]
    assert went == [(m, c.number, c.outcome, ANSWERS, c.comment) for m, c, _ in rung], [
        box.said() for box in boxes.values()
    ]


def told(box: Box) -> set[str]:
    """The ways by which keys came, call by call."""
    return set(re.findall(r"keys came (.+)", box.said()))


def test_keys_are_heard_where_the_pbx_knows_no_rfc_4733(
    start_asterisk: Callable[..., Asterisk], box_on: Callable[..., Box]
) -> None:
    pbx = exchange(start_asterisk, "22")
    boxes = {mode: box_on(pbx, user=f"keys-{mode}") for mode in ("info", "inband")}
    ring(boxes, {mode: [IN_HASTE] for mode in boxes})
    assert {mode: told(box) for mode, box in boxes.items()} == {"info": {"7 by info"}, "inband": {"7 by inband"}}


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES)
def test_each_key_is_counted_once_in_whatever_ways_it_comes(
    start_asterisk: Callable[..., Asterisk], box_on: Callable[..., Box], release: str
) -> None:
    pbx = exchange(start_asterisk, release)
    boxes = {mode: box_on(pbx, user=f"keys-{mode}") for mode in MODES}
    # where keys are tones already, a second tone would be a second key
    ring(boxes, {mode: [PLAIN, LEAKING] if mode != "inband" else [PLAIN] for mode in MODES})
    for mode, way in MODES.items():
        keys = [
            Counter({by: int(count) for count, by in re.findall(r"(\d+) by (\w+)", line)}) for line in told(boxes[mode])
        ]
        assert Counter({way: 9}) in keys
        assert {count.total() for count in keys} == {9}, (
            "where a tone leaks, it may be heard before the PBX tells of it"
        )
