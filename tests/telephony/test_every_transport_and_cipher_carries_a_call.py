"""UDP, TCP and TLS, plain and encrypted sound, A-law and mu-law, through a real PBX; what must not go does not go."""

from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.certificates import Authority
from pbx.citizens import ANSWERS, CITIZENS

from appliance.types import Outcome

SECONDS: Final = 240
WORKS: Final[dict[str, dict[str, Any]]] = {
    "udp": {},
    "tcp": {"transport": "tcp"},
    "tls by address": {"transport": "tls"},
    "tls by name": {"transport": "tls", "host": "localhost"},
    "trunk by tcp": {"register": False, "transport": "tcp"},
    "trunk by tls": {"register": False, "transport": "tls"},
    "A-law only": {"user": "efterklang-alaw"},
    "mu-law only": {"user": "efterklang-ulaw"},
    "srtp required, PBX requires it": {"user": "efterklang-srtp", "srtp": "required", "transport": "tls"},
    "srtp optional, PBX takes it": {"user": "efterklang-srtp-or-not", "srtp": "optional", "transport": "tls"},
    "srtp optional, PBX has none": {"srtp": "optional"},
    "srtp off, PBX takes either": {"user": "efterklang-srtp-or-not", "srtp": "off"},
}
REFUSED: Final[dict[str, dict[str, Any]]] = {
    "srtp required, PBX has none": {"srtp": "required", "transport": "tls"},
    "srtp off, PBX requires it": {"user": "efterklang-srtp", "srtp": "off", "transport": "tls"},
}


@pytest.mark.slow
def test_a_whole_call_goes_each_way(both_asterisks: Asterisk, box_on: Callable[..., Box]) -> None:
    asterisk = both_asterisks
    boxes = {name: box_on(asterisk, **options) for name, options in (WORKS | REFUSED).items()}
    with ExitStack() as lines:
        for box in boxes.values():
            lines.enter_context(box.line())
        wait_until(lambda: all(box.note() for box in boxes.values()), SECONDS)  # starting takes the processor
        calls = {name: box.queue(CITIZENS["completes"]) for name, box in boxes.items()}
        wait_until(lambda: all(boxes[name].last_outcome(call) for name, call in calls.items()), SECONDS)
    went = {name: (box.last_outcome(calls[name]), box.answers(calls[name])) for name, box in boxes.items()}
    good, none = (Outcome.COMPLETED, ANSWERS), (Outcome.TRUNK_FAULT, "")
    assert went == dict.fromkeys(WORKS, good) | dict.fromkeys(REFUSED, none)
    assert all(boxes[name].has_comment(calls[name]) for name in WORKS)
    assert asterisk.channels() == 0


def test_a_certificate_that_nobody_we_know_has_signed_is_refused(
    asterisk: Asterisk, box_on: Callable[..., Box]
) -> None:
    box = box_on(asterisk, transport="tls")
    Authority("Någon annan").write(box.folder / "ca.pem")
    assert_unreachable(box)


def test_a_certificate_of_another_name_is_refused(
    start_asterisk: Callable[..., Asterisk], box_on: Callable[..., Box]
) -> None:
    impostor = start_asterisk(certificate_names=("pbx.exempel.test", "192.0.2.1"))
    assert_unreachable(box_on(impostor, transport="tls"))
    assert_unreachable(box_on(impostor, transport="tls", host="localhost"))


def test_the_right_certificate_is_accepted(asterisk: Asterisk, box_on: Callable[..., Box]) -> None:
    box = box_on(asterisk, transport="tls")
    interview = box.queue(CITIZENS["opts_out"])
    with box.line():
        wait_until(lambda: box.is_over(interview), 30)
    assert box.outcome(interview) is Outcome.OPTED_OUT


def assert_unreachable(box: Box) -> None:
    """It does not register, rings nobody, and no try is spent."""
    interview = box.queue(CITIZENS["completes"])
    with box.line():
        wait_until(lambda: "not registered" in box.said(), 20, "it did not notice")
        wait_until(lambda: "not registered" in box.note(), 10, "it does not tell")
    assert box.attempts(interview) == []
    assert "line-1: registered" not in box.said()
