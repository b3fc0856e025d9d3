"""A record that makes the register fail as nobody thought of; over TCP and AMI it is tested beside theirs."""

import csv
import sqlite3
from typing import Any

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, contact, inbox_of, put, reasons, register_of, row, sweep

from appliance.errors import StoreError
from appliance.intake.decided import decide_upon
from appliance.intake.inbox import inbox_directory
from appliance.intake.register import Register
from appliance.store import intake_sources, writing
from appliance.types import DrawReason, EndedContact


def make_odd(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    """Whoever is decided upon with the id 2 makes the register fail."""
    admit = Register._admit

    def admit_but_two(register: Register, contact: EndedContact, *rest: Any) -> Any:
        if contact.source_call_id == "2":
            raise error
        return admit(register, contact, *rest)

    monkeypatch.setattr(Register, "_admit", admit_but_two)


def test_in_a_file_it_is_rejected_and_the_others_are_decided_upon(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    make_odd(monkeypatch, OverflowError(NUMBERS[0]))
    put(box, "calls.csv", *(row(str(number), NUMBERS[number]) for number in range(5)))
    sweep(inbox_of(box))
    assert reasons(box.db) == [DrawReason.QUEUED] * 4
    (path,) = (inbox_directory(box.directory) / "rejected").iterdir()
    with path.open(encoding="utf-8", newline="") as file:
        (kept,) = csv.DictReader(file)
    assert (kept["line"], kept["reason"]) == ("4", "cannot be decided upon (OverflowError)")
    (source,) = intake_sources.all_sources(box.db)
    assert (source.decided, source.rejected, source.no_record) == (4, 1, 1)


def test_a_disk_that_is_full_is_no_record_s_fault(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    make_odd(monkeypatch, sqlite3.OperationalError("database or disk is full"))
    register = register_of(box.db, box.directory)
    with pytest.raises(StoreError, match="disk is full"), writing(box.db):
        decide_upon(register, [contact("1"), contact("2")], NOW)
    assert reasons(box.db) == []
