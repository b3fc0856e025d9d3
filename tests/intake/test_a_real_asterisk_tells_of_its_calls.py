"""Real queues, agents and callers on Asterisk 16 and 22: what the box has on record of each call."""

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pbx.asterisk import Asterisk
from pbx.baresip import missing as baresip_missing
from pbx.center import Center, Told, center
from pbx.contact_center import (
    AGENT,
    AGENT_NAME,
    ANNOUNCED,
    COLLEAGUE,
    DIRECT,
    OVERFLOW,
    SOCIAL_SERVICES,
    SOCIAL_SERVICES_INSIDE,
    SWITCHBOARD,
)
from pbx.sipp import missing as sipp_missing

from appliance.types import DrawReason

pytestmark = pytest.mark.slow

CALLER = "0701740605"
MIN_TALK_SECONDS = 2
LONG = 3.2
"""Seconds that are no short call; Asterisk counts whole ones."""


@pytest.fixture(scope="module")
def at_work(both_asterisks: Asterisk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Center]:
    if why := baresip_missing() or sipp_missing():
        pytest.skip(why)
    folder: Path = tmp_path_factory.mktemp("center")
    with center(folder, both_asterisks, funnel={"min_talk_seconds": MIN_TALK_SECONDS}) as made:
        yield made


def reasons(told: list[Told]) -> list[tuple[str, DrawReason]]:
    return [(contact.queue, contact.reason) for contact in told]


def test_the_caller_hangs_up(at_work: Center) -> None:
    before = len(at_work.told())
    at_work.call(CALLER, SWITCHBOARD, LONG)
    (told,) = at_work.next_told(before)
    assert (told.queue, told.reason, told.answered) == ("Växel", DrawReason.QUEUED, True)
    assert 2 <= told.talk_seconds <= 4


def test_the_agent_hangs_up(at_work: Center) -> None:
    before, answered = len(at_work.told()), at_work.agent.said().count("Call established")
    with at_work.caller(CALLER, ANNOUNCED, 60) as caller:
        at_work.answered(at_work.agent, answered)
        time.sleep(LONG)
        at_work.agent.hang_up()
        caller.wait(10)
    assert reasons(at_work.next_told(before)) == [("Växel", DrawReason.QUEUED)]


def test_a_call_soon_over_is_too_short(at_work: Center) -> None:
    before = len(at_work.told())
    at_work.call(CALLER, SWITCHBOARD, 0.8)
    assert reasons(at_work.next_told(before)) == [("Växel", DrawReason.TOO_SHORT)]


def test_who_waits_behind_a_voice_has_not_talked(at_work: Center) -> None:
    before, answered = len(at_work.told()), at_work.agent.said().count("Call established")
    with ExitStack() as call:
        with at_work.on_a_break(AGENT):
            caller = call.enter_context(at_work.caller(CALLER, ANNOUNCED, 60))
            time.sleep(LONG)
        at_work.answered(at_work.agent, answered)
        time.sleep(0.5)
        at_work.agent.hang_up()
        caller.wait(10)
    (told,) = at_work.next_told(before)
    assert (told.queue, told.reason, told.answered) == ("Växel", DrawReason.TOO_SHORT, True)
    assert told.talk_seconds < MIN_TALK_SECONDS < told.wait_seconds


def test_a_hidden_number_is_nobody_s(at_work: Center) -> None:
    before = len(at_work.told())
    at_work.call(CALLER, SWITCHBOARD, LONG, hides=True)
    assert reasons(at_work.next_told(before)) == [("Växel", DrawReason.ANONYMOUS)]


def test_a_hidden_number_is_nobody_s_without_a_queue(at_work: Center) -> None:
    before = len(at_work.told())
    at_work.call(CALLER, DIRECT, LONG, hides=True)
    assert reasons(at_work.next_told(before)) == [("", DrawReason.ANONYMOUS)]


def test_a_call_that_no_queue_saw(at_work: Center) -> None:
    before = len(at_work.told())
    at_work.call(CALLER, DIRECT, LONG)
    assert reasons(at_work.next_told(before)) == [("", DrawReason.QUEUED)]


def test_a_caller_of_a_denied_queue(at_work: Center) -> None:
    before = len(at_work.told())
    at_work.call(CALLER, SOCIAL_SERVICES, LONG)
    assert reasons(at_work.next_told(before)) == [("Socialtjänst", DrawReason.DENIED_QUEUE)]


def test_a_caller_put_through_to_a_denied_queue(at_work: Center) -> None:
    before, answered = len(at_work.told()), at_work.agent.said().count("Call established")
    with at_work.caller(CALLER, SWITCHBOARD, 8) as caller:
        at_work.answered(at_work.agent, answered)
        time.sleep(LONG)
        at_work.agent.transfer(f"sip:{SOCIAL_SERVICES_INSIDE}@127.0.0.1:{at_work.exchange.ports.udp}")
        caller.wait(20)
    told = at_work.next_told(before, 2)
    assert [contact.queue for contact in told] == ["Växel", "Socialtjänst"]
    assert DrawReason.QUEUED not in [contact.reason for contact in told]
    assert told[0].reason is DrawReason.DENIED_QUEUE


def test_a_caller_who_gives_up(at_work: Center) -> None:
    before = len(at_work.told())
    with at_work.on_a_break(AGENT):
        at_work.call(CALLER, ANNOUNCED, 2)
    (told,) = at_work.next_told(before)
    assert (told.queue, told.reason, told.answered) == ("Växel", DrawReason.NOT_ANSWERED, False)


def test_whom_a_denied_queue_did_not_answer_is_denied_in_the_next(at_work: Center) -> None:
    before = len(at_work.told())
    with at_work.on_a_break(COLLEAGUE):
        at_work.call(CALLER, OVERFLOW, LONG)
    told = at_work.next_told(before, 2)
    assert reasons(told) == [("Socialtjänst", DrawReason.NOT_ANSWERED), ("Växel", DrawReason.DENIED_QUEUE)]


def test_no_agent_is_on_record(at_work: Center) -> None:
    assert at_work.told()
    kept = b"".join(path.read_bytes() for path in at_work.box.directory.rglob("*") if path.is_file())
    said = (kept + at_work.box.log.read_bytes()).decode("utf-8", errors="ignore")
    assert AGENT_NAME not in said
    assert "PJSIP/2041" not in said
    assert CALLER[1:] not in said
