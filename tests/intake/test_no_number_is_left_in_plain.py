import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, inbox_of, put, reasons, row, settings_with, sweep, write

from appliance.intake.inbox import inbox_directory
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
    inbox = inbox_of(box, settings_with(dialer={"share": 0.7}))
    put(box, f"{PLANTED[0]}.csv", *(row(str(n), number) for n, number in enumerate(PLANTED)))
    sweep(inbox)
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
    put(box, "calls.csv", *(row(str(n), number) for n, number in enumerate(PLANTED)))
    sweep(inbox_of(box))
    sealed = [bytes(found[0]) for found in box.db.execute("SELECT number_sealed FROM interviews")]
    assert len(sealed) == len(PLANTED)
    interviews.expire(box.db, NOW + timedelta(days=3))
    box.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = database_path(box.directory).read_bytes()
    assert [each for each in sealed if each in content] == []


def test_not_even_where_a_line_or_a_whole_file_could_not_be_read(box: MadeUp) -> None:
    named = row("2", PLANTED[1], ended_at="i går").replace("Växel", "Åsa Ek")
    put(box, "calls.csv", row("1", PLANTED[0]), named, PLANTED[2])
    put(box, f"other {PLANTED[3]}.csv", *PLANTED, header="samtal;nummer")
    put(box, "nul.csv", f"\0\x01{PLANTED[4]}", header="PK\0")
    sweep(inbox_of(box))
    assert places(box.directory) == []
    files = [path for path in box.directory.rglob("*") if path.is_file()]
    assert [path.name for path in files if b"sa Ek" in path.read_bytes()] == []
    assert [path.name for path in box.directory.rglob("*") if any(number in path.name for number in PLANTED)] == []
    assert len(list((inbox_directory(box.directory) / "rejected").iterdir())) == 3
