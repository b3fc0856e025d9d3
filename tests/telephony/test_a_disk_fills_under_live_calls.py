"""Real calls over SIP while the storage's disk fills to its last byte, and is emptied again."""

import time
from contextlib import ExitStack
from pathlib import Path

import pytest
from full_disk import fill, small_disk
from telephony.test_a_killed_line_loses_no_answer import free_port, process, queue, wait_for

from appliance.settings import StorageSettings
from appliance.store import answers, interviews, open_store, space
from appliance.store.integrity import faults

CALLS = 6
AT_A_TIME = 4
RECOVERY_SECONDS = 60
"""What reliability asks for."""


@pytest.mark.slow
def test_answers_are_kept_no_call_begins_and_calls_go_on_within_a_minute(tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk", 200) as storage, ExitStack() as stack:
        db = open_store(storage)
        stack.callback(db.close)
        ids = queue(db, storage, CALLS)
        port = free_port()
        stack.enter_context(process(storage, "citizens", "--port", port))
        line = stack.enter_context(process(storage, "line", "1", "--pbx-port", port, "--calls", str(AT_A_TIME)))
        wait_for(lambda: db["answers"].count >= 3, 60)  # type: ignore[union-attr]
        filler = fill(storage)
        before = db["answers"].count  # type: ignore[union-attr]
        rung = {i for i in ids if interviews.rings_of(db, i)}
        assert len(rung) <= AT_A_TIME
        wait_for(lambda: all(interviews.is_over(db, i) for i in rung), 180)
        assert {i for i in ids if interviews.rings_of(db, i)} == rung, "a call began on a full disk"
        assert all(len(answers.of_interview(db, i)) == 6 for i in rung)
        assert db["answers"].count > before  # type: ignore[union-attr]
        assert line.poll() is None, "the line ended"
        time.sleep(1)
        filler.unlink()
        emptied = time.monotonic()
        wait_for(lambda: any(interviews.rings_of(db, i) for i in ids if i not in rung), RECOVERY_SECONDS)
        assert time.monotonic() - emptied < RECOVERY_SECONDS
        assert not space.is_short(StorageSettings(directory=storage, min_free_mib=64, min_free_percent=0))
        assert faults(db) == []
        line.terminate()
        line.wait(20)
