"""SIGTERM, whatever the line is doing: it ends soon and with exit code 0, and what was answered stands."""

import random
import re
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from bench.hostile_pbx import HostilePbx
from bench.rig import Process, Rig, free_port, rig, wait_for
from bench.sip_text import Ends
from bench.wire import UdpWire

from appliance.settings_file import load
from appliance.store import answers, interviews
from appliance.telephony.recording import recordings_directory
from appliance.types import InterviewId

STOP_SECONDS = 8.0
"""As long as `efterklang run` waits before it kills; alone on a machine it takes less than five."""


@contextmanager
def at_a_phone(folder: Path, *, speaks: bool = False) -> Iterator[tuple[Rig, Process, InterviewId]]:
    """A line in a call with a telephone that takes part."""
    with rig(folder) as box:
        phone = box.phone(speaks=speaks)
        line = box.line(1, phone.port)
        [interview] = box.feed(1)
        yield box, line, interview


def ends_well(line: Process) -> None:
    begun = time.monotonic()
    assert line.stop(20) == 0
    assert time.monotonic() - begun < STOP_SECONDS
    assert not re.search("Fatal|Traceback|Assertion", line.log.read_text())


def catches_sigterm(line: Process) -> bool:
    caught = re.search(r"SigCgt:\s*(\w+)", Path(f"/proc/{line.running.pid}/status").read_text())
    return caught is not None and bool(int(caught[1], 16) >> 14 & 1)


@pytest.mark.parametrize("delay_seconds", [0, 0.1, 0.3, 0.6])
def test_while_it_starts(tmp_path: Path, delay_seconds: float) -> None:
    with rig(tmp_path) as box:
        line = box.line(1, free_port())
        wait_for(lambda: catches_sigterm(line), 20)
        time.sleep(delay_seconds)
        ends_well(line)


@pytest.mark.parametrize("register", [True, False], ids=["registering", "dialling"])
@pytest.mark.parametrize("status", [0, 180], ids=["silence", "ringing"])
def test_at_a_pbx_that_does_not_answer(tmp_path: Path, register: bool, status: int) -> None:
    """Without a reply not even a CANCEL may be sent."""
    port, pbx_port = free_port(), free_port()
    with rig(tmp_path, register=register) as box, closing(UdpWire(pbx_port, port)) as wire:
        pbx = HostilePbx(wire, Ends("127.0.0.1", pbx_port, port), random.Random(1))
        line = box.line(1, pbx_port, port)
        if not register:
            box.feed(1)
        wait_for(lambda: bool(heard := wire.receive(0.1)) and not reply(pbx, heard[0], status), 20)
        time.sleep(0.3)
        ends_well(line)


def reply(pbx: HostilePbx, asked: bytes, status: int) -> None:
    if status and asked.startswith(b"INVITE"):
        pbx.wire.send(pbx._reply(asked, status))


@pytest.mark.parametrize("given", [0, 1, 3, 6])
def test_in_a_call(tmp_path: Path, given: int) -> None:
    """While the greeting plays, at questions, and at the invitation to comment."""
    with at_a_phone(tmp_path) as (box, line, interview):
        wait_for(lambda: len(answers.of_interview(box.db, interview)) >= given and bool(box.answered(interview)), 40)
        before = answers.of_interview(box.db, interview)
        ends_well(line)
        assert before.items() <= answers.of_interview(box.db, interview).items()
        assert interviews.is_over(box.db, interview)


@pytest.mark.slow
def test_while_a_comment_is_recorded(tmp_path: Path) -> None:
    with at_a_phone(tmp_path, speaks=True) as (box, line, interview):
        folder = recordings_directory(load(tmp_path / "line-1.toml"))
        wait_for(lambda: any(path.stat().st_size > 40_000 for path in folder.glob("*.pcm")), 60)
        ends_well(line)
        assert interviews.is_over(box.db, interview)
        assert box.db["comments"].count == 1  # type: ignore[union-attr]
        assert list(folder.glob("*.pcm")) == []


def test_as_a_call_ends(tmp_path: Path) -> None:
    with at_a_phone(tmp_path) as (box, line, interview):
        wait_for(lambda: interviews.is_over(box.db, interview), 60)
        ends_well(line)
        assert len(answers.of_interview(box.db, interview)) == 6
