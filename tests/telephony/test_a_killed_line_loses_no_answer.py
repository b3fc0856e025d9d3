"""A line is killed in mid-call, on real SIP: what was acknowledged stands, and the call has its outcome."""

import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.custody.keys import load_keys
from appliance.intake.register import Register
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.practice.people import Habit, citizen_of
from appliance.settings import Settings, StorageSettings, practice_settings
from appliance.signals import child_environment
from appliance.store import Database, answers, interviews, open_store
from appliance.store.integrity import faults
from appliance.types import AnswerKind, Direction, EndedContact, InterviewId, Outcome

REGULARS = [number for number in FICTIONAL_NUMBERS if citizen_of(number).habit is Habit.REGULAR]


@contextmanager
def process(storage: Path, *arguments: str) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "appliance", "--storage", str(storage), *arguments]
    with subprocess.Popen(command, env=child_environment()) as child:
        try:
            yield child
        finally:
            child.terminate()


def wait_for(what: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def queue(db: Database, storage: Path, number_of_calls: int) -> list[InterviewId]:
    settings = practice_settings(Settings(storage=StorageSettings(directory=storage)))
    everyone = settings.model_copy(update={"dialer": settings.dialer.model_copy(update={"share": 1.0})})
    register = Register(db, load_keys(storage), everyone)
    now = datetime.now(UTC)
    for number in REGULARS[:number_of_calls]:
        register.admit(EndedContact("test", number, now, number, "Växel", 1, 60, Direction.INBOUND, answered=True), now)
    return interviews.all_ids(db)


def free_port() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def kill_and_recover(storage: Path, calls: int, answers_before: int, delay_seconds: float) -> None:
    """Kill the line once so many answers are on disk, start it again, and look at what is left."""
    db = open_store(storage)
    ids = queue(db, storage, calls)
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(process(storage, "citizens", "--port", port))
        line = stack.enter_context(process(storage, "line", "1", "--pbx-port", port))
        wait_for(lambda: db["answers"].count >= answers_before, 60)  # type: ignore[union-attr]
        time.sleep(delay_seconds)
        line.send_signal(signal.SIGKILL)
        line.wait()
        acknowledged = {i: answers.of_interview(db, i) for i in ids}
        rings = {i: interviews.rings_of(db, i) for i in ids}
        started = {i: db["interviews"].get(i)["started_at"] is not None for i in ids}  # type: ignore[union-attr]
        restarted = stack.enter_context(process(storage, "line", "1", "--pbx-port", port))
        wait_for(lambda: all(interviews.is_over(db, i) for i in ids if rings[i]), 15)
        for i in ids:
            after = answers.of_interview(db, i)
            assert acknowledged[i].items() <= after.items(), "an acknowledged answer is lost"
            if rings[i]:
                assert interviews.rings_of(db, i) == rings[i], "somebody was rung twice"
                assert interviews.outcome_of(db, i)[1] == expected(started[i], acknowledged[i])
        assert faults(db) == []
        assert restarted.poll() is None
    db.close()


def expected(started: bool, acknowledged: dict[str, answers.Answer]) -> Outcome:
    """Of a citizen who presses valid keys only: what was on disk at the kill decides."""
    if not started:
        return Outcome.NO_START
    assert all(answer.kind is AnswerKind.VALUE for answer in acknowledged.values())
    return Outcome.COMPLETED if len(acknowledged) == 6 else Outcome.PARTIAL


def test_four_calls_are_cut_off_after_their_first_answers(tmp_path: Path) -> None:
    kill_and_recover(tmp_path / "box", calls=4, answers_before=5, delay_seconds=0)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(20))
def test_a_kill_at_any_moment_loses_nothing(tmp_path: Path, seed: int) -> None:
    luck = random.Random(seed)
    kill_and_recover(tmp_path / "box", 4, answers_before=luck.randint(1, 22), delay_seconds=luck.uniform(0, 2))


@pytest.mark.slow
def test_a_comment_cut_off_in_the_middle_is_rescued_from_memory(tmp_path: Path) -> None:
    storage = tmp_path / "box"
    db = open_store(storage)
    [interview_id] = queue(db, storage, 1)
    port = free_port()
    with ExitStack() as stack:
        stack.enter_context(process(storage, "citizens", "--port", port))
        line = stack.enter_context(process(storage, "line", "1", "--pbx-port", port))
        wait_for(lambda: answers_count(db, interview_id) == 6, 60)
        time.sleep(14)  # the invitation, the tone, and some seconds of the comment
        line.send_signal(signal.SIGKILL)
        line.wait()
        stack.enter_context(process(storage, "line", "1", "--pbx-port", port))
        wait_for(lambda: interviews.is_over(db, interview_id), 15)
    assert interviews.outcome_of(db, interview_id)[1] is Outcome.COMPLETED
    [comment] = db["comments"].rows
    assert comment["state"] == "recorded"
    assert comment["seconds"] > 0.5
    db.close()


def answers_count(db: Database, interview_id: InterviewId) -> int:
    return len(answers.of_interview(db, interview_id))
