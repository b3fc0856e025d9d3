"""The database is put back from last week: whoever has opted out since is known all the same."""

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from intake.records import contact, settings_with
from made_up import NOW, MadeUp

from appliance.custody import opt_outs
from appliance.custody.ledger import ledger_path
from appliance.custody.sealing import hash_number
from appliance.dialer.dialer import Dialer
from appliance.intake.register import Register
from appliance.numbers import read_number
from appliance.settings import Settings
from appliance.store import Database, database_path
from appliance.store.opt_outs import contains, last
from appliance.types import DrawReason, NumberHash, Outcome

STAYS, IN_CALL, BY_STAFF, ON_LIST, LIFTED = (f"070-174 06 {last}" for last in range(10, 15))
LATER = NOW + timedelta(hours=1)
WITH_A_LINE: Settings = settings_with(dialer={"hours": {"mon-sun": "00:00-24:00"}, "holidays": True})
KILLED_BEFORE_THE_COMMIT = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from appliance.custody import opt_outs
db, keys = opt_outs.open_box(Path(sys.argv[1]), datetime.now(UTC))
db.conn.create_function("die", 0, lambda: os.kill(os.getpid(), signal.SIGKILL))
db.execute("CREATE TEMP TRIGGER death BEFORE INSERT ON main.opt_outs BEGIN SELECT die(); END")
opt_outs.add(db, keys, bytes.fromhex(sys.argv[2]), "call", datetime.now(UTC))
"""


@pytest.fixture
def queued(box: MadeUp) -> MadeUp:
    """Everybody waits to be rung, and one number is blocked."""
    register = Register(box.db, box.keys, WITH_A_LINE)
    for index, number in enumerate((STAYS, IN_CALL, BY_STAFF, ON_LIST, LIFTED)):
        assert register.admit(contact(f"{index}", number, at=NOW), NOW).reason is DrawReason.QUEUED
    opt_outs.add(box.db, box.keys, hash_of(box, LIFTED), "staff", NOW, "anna")
    return box


@pytest.fixture
def old_copy(queued: MadeUp, tmp_path: Path) -> Path:
    copy = tmp_path / "last-week.db"
    with sqlite3.connect(copy) as target:
        queued.db.conn.backup(target)
    target.close()
    return copy


def hash_of(box: MadeUp, number: str) -> NumberHash:
    e164 = read_number(number).e164
    assert e164
    return hash_number(box.keys, e164)


def opt_out_in_every_way(box: MadeUp) -> None:
    opt_outs.add(box.db, box.keys, hash_of(box, IN_CALL), "call", LATER)
    opt_outs.add(box.db, box.keys, hash_of(box, BY_STAFF), "staff", LATER, "anna")
    opt_outs.add_all(box.db, box.keys, [hash_of(box, ON_LIST)], "list", LATER, "anna")
    opt_outs.lift(box.db, box.keys, hash_of(box, LIFTED), "staff", LATER, "anna")


def restore(box: MadeUp, copy: Path) -> None:
    box.db.close()
    for path in box.directory.glob("efterklang.db*"):
        path.unlink()
    database_path(box.directory).write_bytes(copy.read_bytes())


def rung(db: Database) -> list[NumberHash]:
    line = Dialer(db, WITH_A_LINE, "line-1")
    leases = []
    while lease := line.next_call(LATER + timedelta(minutes=10 * len(leases))):
        leases.append(lease)
        line.ended(lease, Outcome.COMPLETED, 200, LATER + timedelta(minutes=10 * len(leases)))
    return [lease.number_hash for lease in leases]


@pytest.fixture
def reopened(queued: MadeUp, old_copy: Path) -> Iterator[Database]:
    opt_out_in_every_way(queued)
    restore(queued, old_copy)
    db, _ = opt_outs.open_box(queued.directory, LATER)
    yield db
    db.close()


def test_nobody_who_opted_out_since_is_rung(queued: MadeUp, reopened: Database) -> None:
    assert rung(reopened) == [hash_of(queued, STAYS)]
    outcomes = reopened.execute("SELECT outcome, count(*) FROM interviews GROUP BY outcome ORDER BY outcome").fetchall()
    assert outcomes == [(Outcome.COMPLETED, 1), (Outcome.OPTED_OUT, 4)]
    assert reopened.execute("SELECT count(*) FROM interviews WHERE number_sealed IS NOT NULL").fetchone() == (0,)


@pytest.mark.parametrize("number", [IN_CALL, BY_STAFF, ON_LIST])
def test_who_rings_again_is_not_drawn_and_the_reason_is_on_record(
    queued: MadeUp, reopened: Database, number: str
) -> None:
    register = Register(reopened, queued.keys, WITH_A_LINE)
    assert register.admit(contact("again", number, at=LATER), LATER).reason is DrawReason.OPTED_OUT


def test_a_block_that_was_lifted_stays_lifted(queued: MadeUp, reopened: Database) -> None:
    assert not contains(reopened, hash_of(queued, LIFTED))
    change = last(reopened, hash_of(queued, LIFTED))
    assert change is not None
    assert (change.changed_by, change.at) == ("anna", LATER)


def test_the_page_and_the_other_processes_know_it_too(queued: MadeUp, old_copy: Path) -> None:
    opt_out_in_every_way(queued)
    restore(queued, old_copy)
    command = [sys.executable, "-m", "appliance", "--storage", str(queued.directory), "nightly"]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    db = sqlite3.connect(database_path(queued.directory))
    assert db.execute("SELECT count(*) FROM opt_outs WHERE is_blocked").fetchone() == (3,)
    db.close()


def test_a_database_of_before_there_was_a_ledger_fills_one(queued: MadeUp, old_copy: Path) -> None:
    """As after the update to this release."""
    restore(queued, old_copy)
    ledger_path(queued.directory).unlink()
    opt_outs.open_box(queued.directory, LATER)[0].close()
    for path in queued.directory.glob("efterklang.db*"):
        path.unlink()
    db, _ = opt_outs.open_box(queued.directory, LATER)
    assert contains(db, hash_of(queued, LIFTED))
    db.close()


def test_a_kill_between_the_ledger_and_the_database_forgets_nobody(queued: MadeUp) -> None:
    number = hash_of(queued, IN_CALL)
    before = ledger_path(queued.directory).stat().st_size
    program = [sys.executable, "-c", KILLED_BEFORE_THE_COMMIT, str(queued.directory), number.hex()]
    done = subprocess.run(program, check=False, capture_output=True, timeout=60)
    assert done.returncode == -signal.SIGKILL, done.stderr
    assert ledger_path(queued.directory).stat().st_size > before
    assert not contains(queued.db, number)
    db, _ = opt_outs.open_box(queued.directory, LATER)
    assert contains(db, number)
    assert number not in rung(db)
    db.close()


def test_it_is_cheap_where_nothing_is_new(queued: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    opt_outs.catch_up(queued.db, queued.keys, LATER)
    monkeypatch.setattr("appliance.custody.ledger.Ledger.read", None)
    changes = queued.db.conn.total_changes
    opt_outs.catch_up(queued.db, queued.keys, LATER)
    assert queued.db.conn.total_changes == changes


def test_the_ledger_is_ours_alone_and_holds_no_number(queued: MadeUp) -> None:
    opt_out_in_every_way(queued)
    path = ledger_path(queued.directory)
    assert path.stat().st_mode & 0o777 == 0o600
    everything = b"".join(file.read_bytes() for file in queued.directory.rglob("*") if file.is_file())
    for number in (STAYS, IN_CALL, BY_STAFF, ON_LIST, LIFTED):
        digits = "".join(filter(str.isdigit, number))
        for written in (number, digits, digits[1:]):
            assert written.encode() not in everything
