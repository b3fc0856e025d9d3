"""The database is put back from a backup under the real processes, on real SIP: who opted out since is not rung."""

import sqlite3
import subprocess
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest
from telephony.test_a_killed_line_loses_no_answer import free_port, process, wait_for

from appliance.custody.opt_outs import open_box
from appliance.custody.sealing import hash_number
from appliance.intake.register import Register
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.practice.people import Habit, citizen_of
from appliance.settings import Settings, StorageSettings, practice_settings
from appliance.store import database_path, interviews
from appliance.types import E164, Direction, DrawReason, EndedContact, Outcome

DECLINES = next(number for number in FICTIONAL_NUMBERS if citizen_of(number).habit is Habit.DECLINES)
BUSY, ASKED_STAFF, ON_LIST = [number for number in FICTIONAL_NUMBERS if citizen_of(number).habit is Habit.BUSY][:3]


def admit(storage: Path, *numbers: E164) -> list[DrawReason]:
    """Let these citizens have rung the contact center just now; everybody is drawn."""
    settings = practice_settings(Settings(storage=StorageSettings(directory=storage)))
    everyone = settings.model_copy(update={"dialer": settings.dialer.model_copy(update={"share": 1.0})})
    now = datetime.now(UTC)
    db, keys = open_box(storage, now)
    register = Register(db, keys, everyone)
    ended = (
        EndedContact("test", f"{now} {n}", now, n, "Växel", 1, 60, Direction.INBOUND, answered=True) for n in numbers
    )
    reasons = [register.admit(contact, now).reason for contact in ended]
    db.close()
    return reasons


def ring_everybody(storage: Path) -> dict[E164, tuple[Outcome | None, int]]:
    """Let exchange and line work until nobody waits; outcome and number of attempts of each citizen."""
    db, keys = open_box(storage, datetime.now(UTC))
    db.close()
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(process(storage, "citizens", "--port", port))
        stack.enter_context(process(storage, "line", "1", "--pbx-port", port))
        db, _ = open_box(storage, datetime.now(UTC))
        wait_for(lambda: interviews.count_by_state(db).keys() == {"over"}, 60)
        rows = db.execute(
            "SELECT number_hash, outcome, (SELECT count(*) FROM attempts WHERE interview_id = i.id) FROM interviews i"
        ).fetchall()
        db.close()
    names = {hash_number(keys, number): number for number in FICTIONAL_NUMBERS}
    return {names[number]: (Outcome(outcome), attempts) for number, outcome, attempts in rows}


def command(storage: Path, *arguments: str, given: str = "") -> None:
    whole = [sys.executable, "-m", "appliance", "--storage", str(storage), *arguments]
    subprocess.run(whole, input=given, text=True, check=True, capture_output=True, timeout=60)


@pytest.mark.slow
def test_in_the_call_by_staff_or_on_a_list(tmp_path: Path) -> None:
    storage, copy = tmp_path / "box", tmp_path / "backup.db"
    assert admit(storage, DECLINES, BUSY, ASKED_STAFF, ON_LIST) == [DrawReason.QUEUED] * 4
    with sqlite3.connect(database_path(storage)) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()

    command(storage, "opt-outs", "add", given=ASKED_STAFF)
    command(storage, "opt-outs", "import", "-", given=f"{ON_LIST}\n")
    rung = ring_everybody(storage)
    assert rung[DECLINES] == (Outcome.OPTED_OUT, 1), "9 was pressed in a real call"
    assert rung[BUSY] == (Outcome.BUSY, 1)

    for path in storage.glob("efterklang.db*"):
        path.unlink()
    copy.rename(database_path(storage))
    assert ring_everybody(storage) == {
        DECLINES: (Outcome.OPTED_OUT, 0),
        ASKED_STAFF: (Outcome.OPTED_OUT, 0),
        ON_LIST: (Outcome.OPTED_OUT, 0),
        BUSY: (Outcome.BUSY, 1),
    }
    assert admit(storage, DECLINES, ASKED_STAFF, ON_LIST) == [DrawReason.OPTED_OUT] * 3
