"""Events of one call in every order that they can come in."""

from dataclasses import replace
from itertools import permutations

import pytest
from intake.asterisk_says import (
    CALL,
    CITIZEN,
    LOGGED_IN,
    NOW,
    OWN,
    abandon,
    cdr,
    complete,
    consulted,
    hangup,
    left,
    told,
)
from intake.records import reasons
from made_up import MadeUp

from appliance.intake.ami_events import Calls
from appliance.intake.ami_message import Message
from appliance.intake.register import Register
from appliance.settings import DialerSettings, Settings, StorageSettings
from appliance.types import Direction, DrawReason, EndedContact

SOCIAL = "Socialtjänst"
SOCIAL_CDR = cdr(data=f"{SOCIAL},t")
CONSULT = "1795000130.9"

QUEUED = DrawReason.QUEUED
CASES: dict[str, tuple[list[Message], list[Message], list[tuple[str, bool]]]] = {
    # What comes in this order; what ends it, in any order; queue and answered of each contact.
    "the caller hangs up": ([left("Växel")], [complete("Växel"), cdr(), hangup()], [("Växel", True)]),
    "the agent hangs up": ([left("Växel")], [complete("Växel", "agent"), cdr(), hangup()], [("Växel", True)]),
    "given up": ([], [abandon("Växel"), left("Växel"), hangup()], [("Växel", False)]),
    "given up, with a record": (
        [abandon("Växel"), left("Växel")],
        [cdr(disposition="NO ANSWER", called=""), hangup()],
        [("Växel", False)],
    ),
    "nobody came, then the next queue": (
        [left(SOCIAL), left("Växel")],
        [complete("Växel"), cdr(), hangup()],
        [(SOCIAL, False), ("Växel", True)],
    ),
    "given up in the next queue": (
        [left(SOCIAL)],
        [abandon("Växel"), left("Växel"), hangup()],
        [(SOCIAL, False), ("Växel", False)],
    ),
    "nobody came, then the voice mail": (
        [left("Växel")],
        [cdr("VoiceMail", "100", called=""), hangup()],
        [("Växel", False)],
    ),
    "put through to another queue": (
        [left("Växel"), complete("Växel", "transfer"), hangup("1795000101.8"), left(SOCIAL)],
        [complete(SOCIAL), cdr(), SOCIAL_CDR, hangup()],
        [("Växel", True), (SOCIAL, True)],
    ),
    "put through, and given up there": (
        [left("Växel"), complete("Växel", "transfer")],
        [abandon(SOCIAL), left(SOCIAL), cdr(), hangup()],
        [("Växel", True), (SOCIAL, False)],
    ),
    "twice in the same queue": (
        [left("Växel"), complete("Växel", "transfer"), left("Växel")],
        [complete("Växel"), hangup()],
        [("Växel", True), ("Växel", True)],
    ),
    "asked first, then put through": (
        [
            left("Växel"),
            left(SOCIAL, CONSULT, CONSULT, "2041"),
            consulted(CALL, CONSULT),
            complete("Växel", "transfer"),
            hangup(CONSULT, CALL, "2041"),
        ],
        [complete(SOCIAL, "caller", "60", CONSULT, CALL, "2041"), cdr(), hangup()],
        [("Växel", True), (SOCIAL, True)],
    ),
    "put through while the other queue had not answered": (
        [
            left("Växel"),
            left(SOCIAL, CONSULT, CONSULT, "2041"),
            consulted(CALL, CONSULT),
            complete("Växel", "transfer"),
        ],
        [hangup(CONSULT, CONSULT, "2041"), cdr(), hangup()],
        [("Växel", True), (SOCIAL, False)],
    ),
    "no queue at all": ([], [cdr("Dial", "PJSIP/2041,20"), hangup()], [("", True)]),
    "a telephone that did not answer, and one that did": (
        [],
        [cdr("Dial", called="PJSIP/2042-0000000a", disposition="NO ANSWER"), cdr("Dial"), hangup()],
        [("", True)],
    ),
    "nobody answered at all": ([], [cdr("Dial", disposition="NO ANSWER"), hangup()], [("", False)]),
    "the queue's record alone": ([], [cdr(), hangup()], [("Växel", True)]),
}


@pytest.mark.parametrize("case", CASES)
def test_each_call_is_told_once_in_every_order(case: str) -> None:
    begins, ends, expected = CASES[case]
    for order in permutations(ends):
        contacts = told(*begins, *order)
        assert sorted((contact.queue, contact.answered) for contact in contacts) == sorted(expected)
        assert len({contact.source_call_id for contact in contacts}) == len(contacts)
        assert len({contact.linked_id for contact in contacts}) == 1


@pytest.mark.parametrize("case", [case for case, (_, _, expected) in CASES.items() if (SOCIAL in dict(expected))])
def test_a_call_that_was_in_a_denied_queue_is_never_rung(case: str, box: MadeUp) -> None:
    begins, ends, _ = CASES[case]
    for number, order in enumerate(permutations(ends)):
        contacts = told(*begins, *order)
        renamed = [
            replace(each, source_call_id=f"{number}-{each.source_call_id}", linked_id=str(number)) for each in contacts
        ]
        register(box).admit_all(renamed, NOW)
    assert QUEUED not in reasons(box.db)


@pytest.mark.parametrize("late", [complete(SOCIAL), SOCIAL_CDR, abandon(SOCIAL)])
def test_a_denied_queue_is_found_even_when_it_is_told_too_late(late: Message, box: MadeUp) -> None:
    first, second = told(complete("Växel"), hangup()), told(late)
    register(box).admit_all(first, NOW)
    register(box).admit_all(second, NOW)
    assert QUEUED not in reasons(box.db)
    assert len(reasons(box.db)) == 2


def test_a_record_that_comes_late_is_another_part_of_the_same_call(box: MadeUp) -> None:
    for contacts in (told(complete("Växel"), hangup()), told(cdr())):
        register(box).admit_all(contacts, NOW)
    assert reasons(box.db) == [QUEUED, DrawReason.DOUBLED_LEG]


def test_a_caller_who_was_put_through_is_not_told_before_hanging_up() -> None:
    calls = Calls(OWN, LOGGED_IN)
    for event in (left("Växel"), complete("Växel", "transfer"), hangup("1795000101.8")):
        calls.see(event, NOW, 0)
    assert calls.over(3600) == []
    calls.see(hangup(), NOW, 3600)
    assert [contact.queue for contact in calls.over(3610)] == ["Växel"]


def test_what_is_over_is_told_again_until_it_is_let_go() -> None:
    calls = Calls(OWN, LOGGED_IN)
    calls.see(complete("Växel"), NOW, 0)
    assert calls.over(10) == calls.over(10) != []
    assert calls.let_go(10) == 0
    assert calls.over(20) == []


def test_a_call_that_was_under_way_when_we_connected_is_lost_and_counted() -> None:
    calls = Calls(OWN, 1_795_000_101.0)
    for event in (left("Växel"), complete("Växel"), cdr(), hangup()):
        calls.see(event, NOW, 0)
    assert calls.over(60) == []
    assert calls.let_go(60) == 1


def test_a_gap_loses_what_was_under_way_and_nothing_else() -> None:
    calls = Calls(OWN, LOGGED_IN)
    calls.see(complete("Växel"), NOW, 0)
    calls.see(left("Växel", "1795000140.1", "1795000140.1"), NOW, 0)
    calls = calls.renewed(1_795_000_150.0)
    calls.see(complete("Växel", uniqueid="1795000140.1", linked="1795000140.1"), NOW, 1)
    assert [contact.source_call_id for contact in calls.over(60)] == [f"{CALL}/Växel"]


def test_a_call_whose_end_never_comes_is_lost_and_counted() -> None:
    calls = Calls(OWN, LOGGED_IN)
    calls.see(left("Växel"), NOW, 0)
    assert calls.let_go(11 * 3600) == 0
    assert calls.let_go(13 * 3600) == 1


def test_a_contact_holds_what_the_funnel_needs_and_no_agent() -> None:
    (contact,) = told(left("Växel"), complete("Växel"), cdr(), hangup())
    assert contact == EndedContact(
        "ami", f"{CALL}/Växel", NOW, CITIZEN, "Växel", 7, 60, Direction.INBOUND, answered=True, linked_id=CALL
    )


def test_a_hidden_number_is_not_passed_on() -> None:
    for order in permutations((cdr("Dial"), hangup(shown="prohib"))):
        assert [contact.number for contact in told(*order)] == [None]


def register(box: MadeUp) -> Register:
    everyone = DialerSettings(share=1, quiet_days=0, delay_minutes=0)
    return Register(box.db, box.keys, Settings(storage=StorageSettings(directory=box.directory), dialer=everyone))


def test_who_is_waited_out_by_one_queue_and_answered_in_the_next_is_told_once_there() -> None:
    calls = Calls(OWN)
    for at, event in enumerate([abandon(SOCIAL), left(SOCIAL), left("Växel")]):
        calls.see(event, NOW, at / 100)
    assert calls.over(60) == []  # talks with an agent
    for event in (complete("Växel"), hangup()):
        calls.see(event, NOW, 60)
    assert [(each.queue, each.answered) for each in calls.over(63)] == [(SOCIAL, False), ("Växel", True)]
