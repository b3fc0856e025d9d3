import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest
from made_up import MadeUp

from appliance.store import answers, integrity, open_store
from appliance.types import InterviewId

ROUNDS = 20
WRITER = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from appliance.store import answers, open_store
from appliance.store.answers import Answer
from appliance.types import AnswerKind, InterviewId

def write(interview_id):
    db = open_store(Path(sys.argv[1]))
    for number in range(1000):
        answers.add(db, interview_id, Answer(f"q{number}", AnswerKind.VALUE, number % 6), datetime.now(UTC))
        os.write(1, b"%d\\n" % number)

while line := sys.stdin.readline():
    if (writer := os.fork()) == 0:  # a process of its own, without the time that imports take
        write(InterviewId(int(line)))
        os._exit(0)
    os.write(1, b"%d\\n" % writer)
    _, status = os.waitpid(writer, 0)
    os.write(1, b"ended %d\\n" % os.waitstatus_to_exitcode(status))
"""


class Writers:
    """Processes that write answers, one after the other."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        assert process.stdin
        assert process.stdout
        self._in, self._out = process.stdin, process.stdout

    def write_and_die(self, interview_id: InterviewId, acknowledged: int, pause_seconds: float) -> set[int]:
        """Numbers of the answers that a writer acknowledged before it was killed."""
        self._in.write(f"{interview_id}\n")
        self._in.flush()
        process_id = int(self._out.readline())
        lines = [self._out.readline() for _ in range(acknowledged)]
        time.sleep(pause_seconds)  # into the midst of a later write
        os.kill(process_id, signal.SIGKILL)
        while not (line := self._out.readline()).startswith("ended"):
            lines.append(line)
        assert line == f"ended {-signal.SIGKILL}\n"
        return {int(line) for line in lines}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path_factory.mktemp("box"))
    yield made
    made.db.close()


@pytest.fixture(scope="module")
def writers(made: MadeUp) -> Iterator[Writers]:
    command = [sys.executable, "-c", WRITER, str(made.directory)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        yield Writers(process)


@pytest.mark.parametrize("seed", range(ROUNDS))
def test_a_killed_process_loses_no_answer_that_it_has_acknowledged(made: MadeUp, writers: Writers, seed: int) -> None:
    luck = random.Random(seed)
    interview_id = made.live().interview_id
    acknowledged = writers.write_and_die(interview_id, luck.randint(1, 30), luck.uniform(0, 0.02))

    db = open_store(made.directory)
    kept = answers.of_interview(db, interview_id)
    assert {f"q{number}" for number in acknowledged} <= kept.keys()
    assert len(kept) <= len(acknowledged) + 1, "at most the one that was being written came besides"
    assert all(answer.value == int(name[1:]) % 6 for name, answer in kept.items())
    assert integrity.faults(db) == []
    assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    db.close()
