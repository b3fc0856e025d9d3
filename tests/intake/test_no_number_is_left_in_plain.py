import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, STOCKHOLM, put, reasons, register_of, row, settings_with, write

from appliance.intake.inbox import inbox_directory, sweep
from appliance.logs import Redacting
from appliance.numbers import read_number
from appliance.store import database_path, interviews
from appliance.types import DrawReason, Outcome

PLANTED = NUMBERS[:30]


def forms(written: str) -> list[bytes]:
    """A number as anybody would look for it."""
    e164 = read_number(written).e164 or ""
    national = e164.removeprefix("+46")
    spoken = " ".join(national)
    return [form.encode() for form in (written, national, spoken, written.removeprefix("0"))]


def places(directory: Path) -> list[str]:
    """Files that hold a planted number in any form, the database's log and shared memory among them."""
    return [
        path.name
        for path in directory.rglob("*")
        if path.is_file() and any(form in path.read_bytes() for number in PLANTED for form in forms(number))
    ]


def test_a_planted_number_would_be_found(tmp_path: Path) -> None:
    write(tmp_path / "calls.csv", row("1", PLANTED[3]))
    assert places(tmp_path) == ["calls.csv"]


def test_from_the_inbox_to_the_end_of_the_interview(box: MadeUp, caplog: pytest.LogCaptureFixture) -> None:
    caplog.handler.setFormatter(Redacting("%(message)s"))
    caplog.set_level(logging.DEBUG)
    register = register_of(box.db, box.directory, settings_with(dialer={"share": 0.7}))
    put(box, f"{PLANTED[0]}.csv", *(row(str(n), number) for n, number in enumerate(PLANTED)))
    sweep(box.directory, register, STOCKHOLM, NOW)
    assert len(reasons(box.db)) == len(PLANTED)
    assert {DrawReason.QUEUED, DrawReason.NOT_DRAWN} == set(reasons(box.db))
    assert database_path(box.directory).with_name("efterklang.db-wal").stat().st_size > 0
    assert places(box.directory) == []

    later = NOW + timedelta(hours=1)
    while lease := interviews.lease_due(box.db, "line-1", later, later):
        interviews.close(box.db, lease.interview_id, Outcome.COMPLETED, later)
    box.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert places(box.directory) == []
    assert len(caplog.messages) == 1
    assert re.search(r"\d{7}", re.sub(r"[ -]", "", caplog.text)) is None


def test_once_all_are_over_not_even_a_sealed_number_is_left(box: MadeUp) -> None:
    register = register_of(box.db, box.directory)
    put(box, "calls.csv", *(row(str(n), number) for n, number in enumerate(PLANTED)))
    sweep(box.directory, register, STOCKHOLM, NOW)
    sealed = [bytes(found[0]) for found in box.db.execute("SELECT number_sealed FROM interviews")]
    assert len(sealed) == len(PLANTED)
    interviews.expire(box.db, NOW + timedelta(days=3))
    box.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = database_path(box.directory).read_bytes()
    assert [each for each in sealed if each in content] == []


def test_a_rejected_line_is_the_only_thing_that_stays_as_it_came(box: MadeUp) -> None:
    put(box, "calls.csv", row("1", PLANTED[0]), row("2", PLANTED[1], ended_at="i går"))
    sweep(box.directory, register_of(box.db, box.directory), STOCKHOLM, NOW)
    (found,) = places(box.directory)
    assert found.endswith("-calls.csv")
    (kept,) = (inbox_directory(box.directory) / "rejected").glob("*-calls.csv")
    assert PLANTED[0] not in kept.read_text(encoding="utf-8")
    assert kept.stat().st_mode & 0o077 == 0 or kept.parent.stat().st_mode & 0o077 == 0
