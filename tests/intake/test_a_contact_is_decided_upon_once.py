from datetime import timedelta

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, contact, reasons, register_of, settings_with

from appliance.custody import opt_outs
from appliance.custody.sealing import hash_number, unseal_number
from appliance.numbers import read_number
from appliance.store import draws, interviews
from appliance.types import E164, Direction, DrawReason, EndedContact, NumberHash

DAY = timedelta(days=1)


def hash_of(box: MadeUp, number: str) -> NumberHash:
    e164 = read_number(number).e164
    assert e164
    return hash_number(box.keys, e164)


def test_a_contact_reported_twice_is_recorded_once(box: MadeUp) -> None:
    register = register_of(box.db, box.directory)
    assert register.admit(contact("7"), NOW).reason is DrawReason.QUEUED
    assert not register.admit(contact("7"), NOW + DAY).is_new
    assert reasons(box.db) == [DrawReason.QUEUED]
    assert len(interviews.all_ids(box.db)) == 1


def test_the_same_id_of_another_source_is_another_contact(box: MadeUp) -> None:
    box.contact()
    register = register_of(box.db, box.directory)
    assert not register.admit(contact("call-0", NUMBERS[1]), NOW).is_new
    assert register.admit(contact("call-1", NUMBERS[1]), NOW).reason is DrawReason.QUEUED


def test_a_queued_contact_waits_its_delay_and_its_number_is_sealed(box: MadeUp) -> None:
    settings = settings_with(dialer={"delay_minutes": 5, "latest_hours": 48})
    register_of(box.db, box.directory, settings).admit(contact(), NOW)
    due_at = NOW + timedelta(minutes=5)
    assert interviews.lease_due(box.db, "line-1", due_at - timedelta(seconds=1), NOW) is None
    lease = interviews.lease_due(box.db, "line-1", due_at, NOW)
    assert lease is not None
    assert lease.number_hash == hash_of(box, NUMBERS[0])
    assert unseal_number(box.keys, lease.number_sealed, lease.number_hash) == "+46701740605"


def test_a_citizen_is_left_alone_for_the_quiet_period(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, settings_with(dialer={"quiet_days": 90}))
    assert register.admit(contact("1", at=NOW - 90 * DAY), NOW - 90 * DAY).reason is DrawReason.QUEUED
    assert register.admit(contact("2"), NOW).reason is DrawReason.QUIET_PERIOD
    assert register.admit(contact("3", "+46 70 174 06 05"), NOW).reason is DrawReason.QUIET_PERIOD
    assert register.admit(contact("4", NUMBERS[1]), NOW).reason is DrawReason.QUEUED
    assert register.admit(contact("5", at=NOW + timedelta(milliseconds=1)), NOW).reason is DrawReason.QUEUED


def test_only_a_survey_makes_quiet_not_a_contact_that_was_not_drawn(box: MadeUp) -> None:
    nobody = register_of(box.db, box.directory, settings_with(dialer={"share": 0.0}))
    assert nobody.admit(contact("1", at=NOW - DAY), NOW - DAY).reason is DrawReason.NOT_DRAWN
    assert register_of(box.db, box.directory).admit(contact("2"), NOW).reason is DrawReason.QUEUED


def test_records_that_come_in_the_wrong_order_make_quiet_as_well(box: MadeUp) -> None:
    register = register_of(box.db, box.directory)
    assert register.admit(contact("2"), NOW).reason is DrawReason.QUEUED
    assert register.admit(contact("1", at=NOW - DAY), NOW - DAY).reason is DrawReason.QUIET_PERIOD


def test_without_a_quiet_period_everyone_may_be_rung_each_time(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, settings_with(dialer={"quiet_days": 0}))
    assert [register.admit(contact(call_id), NOW).reason for call_id in "123"] == [DrawReason.QUEUED] * 3


def test_whoever_has_opted_out_is_never_queued_again(box: MadeUp) -> None:
    opt_outs.add(box.db, box.keys, hash_of(box, NUMBERS[0]), "call", NOW - 1000 * DAY)
    register = register_of(box.db, box.directory)
    assert register.admit(contact("1", "0046701740605"), NOW).reason is DrawReason.OPTED_OUT
    assert register.admit(contact("2", NUMBERS[1]), NOW).reason is DrawReason.QUEUED


@pytest.mark.parametrize(
    ("reason", "ended"),
    [
        (DrawReason.DENIED_QUEUE, contact(queue="Socialtjänst")),
        (DrawReason.NOT_ANSWERED, contact(answered=False)),
        (DrawReason.INTERNAL, contact(direction=Direction.INTERNAL)),
        (DrawReason.ANONYMOUS, contact(number=None)),
        (DrawReason.FOREIGN_OR_PREMIUM, contact(number="0900-123 45 67")),
    ],
)
def test_of_whoever_is_not_surveyed_not_even_a_hash_is_kept(
    box: MadeUp, reason: DrawReason, ended: EndedContact
) -> None:
    assert register_of(box.db, box.directory).admit(ended, NOW).reason is reason
    assert box.db.execute("SELECT number_hash FROM contacts").fetchall() == [(None,)]
    assert interviews.all_ids(box.db) == []


def test_our_own_number_is_not_surveyed(box: MadeUp) -> None:
    sip = {"registrar": "sip:pbx", "caller_id": "+46 (0)70-174 06 05"}
    register = register_of(box.db, box.directory, settings_with(sip=sip))
    assert register.admit(contact(), NOW).reason is DrawReason.OWN_CALL
    assert register.admit(contact("2", direction=Direction.OUTBOUND), NOW).reason is DrawReason.OWN_CALL


def test_a_crash_between_the_contact_and_its_interview_leaves_neither(
    box: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    register = register_of(box.db, box.directory)
    with monkeypatch.context() as patched:
        patched.setattr(interviews, "enqueue", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            register.admit(contact(), NOW)
    assert reasons(box.db) == []
    assert register.admit(contact(), NOW).reason is DrawReason.QUEUED


def test_staff_s_own_test_call_asks_no_funnel(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, settings_with(dialer={"share": 0.0}))
    interview_id = register.admit_test_call(E164("+46701740605"), NOW)
    assert interviews.all_ids(box.db) == [interview_id]


def test_a_day_s_seed_is_made_once_and_each_day_has_its_own(box: MadeUp) -> None:
    today = NOW.date()
    seed = draws.prepare(box.db, today, NOW).seed
    assert len(seed) == 32
    assert draws.prepare(box.db, today, NOW + DAY).seed == seed
    assert draws.prepare(box.db, today + DAY, NOW).seed != seed
