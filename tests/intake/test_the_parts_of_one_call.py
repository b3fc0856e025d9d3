"""A call that is moved on has several parts, and the PBX reports them in any order."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import MadeUp
from records import NOW, NUMBERS, contact, reasons, register_of, settings_with

from appliance.dialer.dialer import Dialer
from appliance.intake.draw_record import audit_day
from appliance.intake.register import Register
from appliance.store import answers, callers, interviews
from appliance.store.answers import Answer
from appliance.types import AnswerKind, Direction, DrawReason, EndedContact, Outcome

DENIED = "Socialtjänsten"
LATER = NOW + timedelta(hours=1)
CERTAIN = settings_with(dialer={"quiet_days": 0, "hours": {"mon-sun": "00:00-24:00"}, "holidays": True})


def part(call_id: str, call: str = "A", **details: object) -> EndedContact:
    return replace(contact(call_id), linked_id=call, **details)  # type: ignore[arg-type]


def waiting(box: MadeUp) -> int:
    return interviews.count_by_state(box.db).get("queued", 0)


@pytest.fixture
def register(box: MadeUp) -> Register:
    return register_of(box.db, box.directory, CERTAIN)


def test_a_call_is_drawn_upon_once(box: MadeUp, register: Register) -> None:
    register.admit_all([part("1"), part("2"), part("3"), part("4", "B")], NOW)
    assert reasons(box.db) == ["queued", "doubled_leg", "doubled_leg", "queued"]


def test_who_was_not_drawn_has_no_second_ticket(box: MadeUp) -> None:
    nobody = register_of(box.db, box.directory, settings_with(dialer={"share": 0.0}))
    nobody.admit(part("1"), NOW)
    register_of(box.db, box.directory).admit(part("2"), NOW)
    assert reasons(box.db) == ["not_drawn", "doubled_leg"]


@pytest.mark.parametrize(
    "first",
    [{"answered": False}, {"talk_seconds": 2}, {"number": None}, {"direction": Direction.INTERNAL}, {"number": "4021"}],
    ids=str,
)
def test_a_part_that_was_no_conversation_leaves_the_next_its_turn(
    box: MadeUp, register: Register, first: dict[str, object]
) -> None:
    assert register.admit(part("1", **first), NOW).reason is not DrawReason.QUEUED
    assert register.admit(part("2"), NOW).reason is DrawReason.QUEUED


def test_a_pbx_that_counts_its_calls_anew_joins_nobody_to_a_stranger(box: MadeUp, register: Register) -> None:
    register.admit(part("1", "1000001"), NOW)
    register.admit(
        part("2", "1000001", number=NUMBERS[1], ended_at=NOW + timedelta(hours=23)), NOW + timedelta(hours=23)
    )
    register.admit(part("3", "1000001", number=NUMBERS[2], ended_at=NOW + timedelta(days=3)), NOW + timedelta(days=3))
    assert reasons(box.db) == ["queued", "doubled_leg", "queued"]


def test_parts_of_another_source_or_without_a_link_are_calls_of_their_own(box: MadeUp, register: Register) -> None:
    register.admit_all([part("1"), part("1", source="other"), part("2", ""), part("3", "")], NOW)
    assert reasons(box.db) == ["queued"] * 4


@given(
    queues=st.permutations(["Växel", DENIED, "Bygg"]),
    denied=st.fixed_dictionaries(
        {},
        optional={
            "answered": st.just(False),
            "talk_seconds": st.just(1),
            "number": st.sampled_from([None, "4021"]),
            "direction": st.sampled_from([Direction.INTERNAL, Direction.OUTBOUND]),
        },
    ),
    in_one_go=st.booleans(),
)
@settings(max_examples=40)
def test_a_call_that_was_in_a_denied_queue_is_never_surveyed_whatever_came_first(
    queues: list[str], denied: dict[str, object], in_one_go: bool
) -> None:
    parts = [part(queue, queue=queue, **(denied if queue == DENIED else {})) for queue in queues]
    with TemporaryDirectory() as folder:
        box = MadeUp(Path(folder))
        register = register_of(box.db, box.directory, CERTAIN)
        for batch in [parts] if in_one_go else [[one] for one in parts]:
            register.admit_all(batch, NOW)
        assert waiting(box) == 0
        assert DrawReason.QUEUED not in reasons(box.db)
        assert box.db.execute("SELECT count(number_hash) FROM contacts").fetchone() == (0,)
        assert not rings_back(box)
        box.db.close()


def test_whoever_waits_for_a_second_ring_is_not_rung_again(box: MadeUp, register: Register) -> None:
    register.admit(part("1"), NOW)
    lease = interviews.lease_due(box.db, "line-1", LATER, LATER)
    assert lease
    interviews.requeue(box.db, lease.interview_id, LATER)
    register.admit(part("2", queue=DENIED), LATER)
    assert reasons(box.db)[0] is DrawReason.DENIED_QUEUE
    assert waiting(box) == 0


def test_a_call_of_ours_that_is_on_goes_on_but_is_not_tried_again(box: MadeUp, register: Register) -> None:
    """They may still talk with the denied queue while we ring, and be busy."""
    register.admit(part("1"), NOW)
    lease = interviews.lease_due(box.db, "line-1", LATER, LATER)
    assert lease
    register.admit(part("2", queue=DENIED), LATER)
    assert interviews.live_ids(box.db) == {lease.interview_id}
    Dialer(box.db, CERTAIN, "line-1").ended(lease, Outcome.BUSY, 486, LATER)
    assert interviews.outcome_of(box.db, lease.interview_id) == ("over", Outcome.BUSY)
    assert not rings_back(box)


@pytest.mark.parametrize("when", [None, "later today"])
def test_nor_as_they_ask_for(box: MadeUp, register: Register, when: str | None) -> None:
    """The queue was denied while we talked: key 2 promises nothing any more."""
    register.admit(part("1"), NOW)
    dialer = Dialer(box.db, CERTAIN, "line-1")
    lease = interviews.lease_due(box.db, "line-1", LATER, LATER)
    assert lease
    later = dialer.later_choices(lease)
    register.admit(part("2", queue=DENIED), LATER)
    assert dialer.later_choices(lease) == ()
    dialer.promise(lease, later[0] if when else None)
    dialer.ended(lease, Outcome.NO_START, None, LATER)
    assert interviews.outcome_of(box.db, lease.interview_id) == ("over", Outcome.NO_START)
    assert not rings_back(box)


def test_nor_where_we_call_it_off(box: MadeUp, register: Register) -> None:
    register.admit(part("1"), NOW)
    lease = interviews.lease_due(box.db, "line-1", LATER, LATER)
    assert lease
    register.admit(part("2", queue=DENIED), LATER)
    Dialer(box.db, CERTAIN, "line-1").called_off(lease, LATER)
    assert interviews.outcome_of(box.db, lease.interview_id)[0] == "expired"
    assert not rings_back(box)


@pytest.mark.parametrize("outcome", [Outcome.NO_ANSWER, Outcome.NO_START, None])
def test_whoever_rings_back_is_not_asked_about_it(box: MadeUp, register: Register, outcome: Outcome | None) -> None:
    """The denied part of the call is known only when the interview is over: somebody else at home may ring back."""
    register.admit(part("1"), NOW)
    (interview_id,) = interviews.all_ids(box.db)
    if outcome:
        interviews.close(box.db, interview_id, outcome, LATER)
    else:
        interviews.give_up(box.db, interview_id, LATER)
    register.admit(part("2", queue=DENIED), LATER)
    assert reasons(box.db)[0] is DrawReason.DENIED_QUEUE
    known = box.db.execute("SELECT 1 FROM interviews WHERE number_hash = ?", (box.hash_of("+46701740605"),))
    assert known.fetchone() is None
    assert audit_day(box.db, NOW.date())[1].findings == ()


def test_answers_that_were_given_stand_but_no_more_are_asked_for(box: MadeUp, register: Register) -> None:
    register.admit(part("1"), NOW)
    (interview_id,) = interviews.all_ids(box.db)
    answers.add(box.db, interview_id, Answer("nps", AnswerKind.VALUE, 9), LATER)
    interviews.close(box.db, interview_id, Outcome.PARTIAL, LATER)
    register.admit(part("2", queue=DENIED), LATER)
    assert reasons(box.db)[0] is DrawReason.QUEUED
    assert not rings_back(box)


def rings_back(box: MadeUp) -> bool:
    """Whether who calls us from that telephone is asked about the call."""
    return callers.take(box.db, "line-2", box.hash_of("+46701740605"), b"", LATER, LATER, NOW) is not None


def test_a_withdrawn_contact_leaves_its_citizen_no_quiet_period(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, settings_with(dialer={"quiet_days": 90}))
    register.admit_all([part("1"), part("2", queue=DENIED), part("3", "B")], NOW)
    assert reasons(box.db) == ["denied_queue", "doubled_leg", "queued"]


@pytest.mark.parametrize("queue", ["SOCIALTJÄNSTEN", "Socialtjänst", "Socialtjanst 2", "IFO/Socialtja\u0308nst"])
def test_a_denied_queue_is_known_however_the_pbx_writes_it(box: MadeUp, register: Register, queue: str) -> None:
    assert register.admit(contact(number=NUMBERS[1], queue=queue), NOW).reason is DrawReason.DENIED_QUEUE
