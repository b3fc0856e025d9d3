from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import MadeUp
from records import NOW, NUMBERS, contact, reasons, register_of

from appliance.intake.draw_record import as_csv
from appliance.intake.private import tells, without_numbers
from appliance.store import draws
from appliance.types import DrawReason

TELLING = (
    "20261124150000-0701740605",
    "070-1740605/1",
    "sip:+46701740605@pbx.exempel.lan",
    "call-46701740605",
    "x701740605",
    "07-01-74-06-05",
)
HARMLESS = (
    *("1", "1764000000.42", "pbx1-1764000000.17", "00001001234567890123", "550e8400-e29b-41d4-a716-446655440000"),
    *("20261124150000-17", "2026-11-24T15:00:00/00042", "00000019B8F1_314", "0000012345678", "314|1764000000"),
)


def stored(box: MadeUp) -> list[tuple[str, str, str]]:
    return box.db.execute("SELECT source_call_id, linked_id, queue FROM contacts ORDER BY id").fetchall()


@pytest.mark.parametrize("name", TELLING)
def test_it_is_stored_and_exported_as_a_fingerprint(box: MadeUp, name: str) -> None:
    register = register_of(box.db, box.directory)
    told = replace(contact(name), linked_id=name)
    assert register.admit(told, NOW).reason is DrawReason.QUEUED
    ((call_id, linked_id, queue),) = stored(box)
    assert call_id == linked_id == register.fingerprint(name)
    assert queue == "Växel"
    (day,) = box.db.execute("SELECT draw_day FROM contacts").fetchone()
    entries = draws.entries_of(box.db, type(NOW).fromisoformat(day).date())
    assert not tells("".join(as_csv(entries)).replace(call_id, ""), NUMBERS[0])


@pytest.mark.parametrize("name", HARMLESS)
def test_an_id_without_a_number_is_kept_as_it_is(box: MadeUp, name: str) -> None:
    register_of(box.db, box.directory).admit(replace(contact(name), linked_id=name), NOW)
    assert stored(box) == [(name, name, "Växel")]


@given(st.text("0123456789abcdef-", max_size=40))
def test_the_same_id_always_becomes_the_same(name: str) -> None:
    first, again = (without_numbers(contact(name), lambda line: f"<{line}>") for _ in range(2))
    assert first == again
    assert first.source_call_id in {name, f"<{name}>"}


def test_such_a_contact_is_known_again_and_its_parts_stay_together(box: MadeUp) -> None:
    register = register_of(box.db, box.directory)
    first = replace(contact(TELLING[0]), linked_id=TELLING[1])
    later = replace(first, source_call_id="2", number=None, ended_at=NOW + timedelta(minutes=1), queue="Socialtjänst")
    register.admit(first, NOW)
    assert not register.admit(first, NOW).is_new
    register.admit(later, NOW)
    assert reasons(box.db)[0] is DrawReason.DENIED_QUEUE


@pytest.mark.parametrize(
    ("queue", "kept"),
    [
        ("Växel 070-174 06 05", "Växel 0xx-xxx xx xx"),
        ("Återuppringning 031-390 06 00", "Återuppringning 0xx-xxx xx xx"),
        ("0701740605", "0xxxxxxxxx"),
        ("5100", "5100"),
        ("3906000", "3906000"),
        ("Växel 2", "Växel 2"),
        ("", ""),
    ],
)
def test_a_queue_s_name_is_masked_unless_it_is_a_number_of_the_queue_s_own(box: MadeUp, queue: str, kept: str) -> None:
    register_of(box.db, box.directory).admit(contact(queue=queue), NOW)
    assert stored(box)[0][2] == kept
