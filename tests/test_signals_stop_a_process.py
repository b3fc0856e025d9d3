import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from appliance.signals import StopSignal, child_environment

WORKER = """
import time
from appliance.signals import StopSignal
stop = StopSignal()
print("working", flush=True)
for _ in range({turns}):
    if stop.wait({wait}):
        print("stopped well", flush=True)
        break
"""
PARENT = f"""
import subprocess, sys, time
from appliance.signals import child_environment
child = subprocess.Popen([sys.executable, "-c", {WORKER.format(wait=0.05, turns=400)!r}], env=child_environment())
print(child.pid, flush=True)
time.sleep(60)
"""


@contextmanager
def worker(wait_seconds: float) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-c", WORKER.format(wait=wait_seconds, turns=1)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "working\n"
        yield process


@pytest.mark.parametrize("asked", [signal.SIGTERM, signal.SIGINT])
def test_asked_to_stop_it_wakes_at_once_and_ends_well(asked: signal.Signals) -> None:
    with worker(wait_seconds=60) as process:
        process.send_signal(asked)
        assert process.communicate(timeout=20)[0] == "stopped well\n"
    assert process.returncode == 0


def test_a_child_does_not_outlive_a_parent_that_was_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        assert {parent.stdout.readline(), parent.stdout.readline()} >= {"working\n"}
        parent.kill()
        assert parent.stdout.readline() == "stopped well\n"


def test_without_such_a_parent_it_works_on(monkeypatch: pytest.MonkeyPatch) -> None:
    before = [signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)]
    monkeypatch.delenv("EFTERKLANG_PARENT", raising=False)
    try:
        stop = StopSignal()
        begun = time.monotonic()
        assert not stop.wait(0.05)
        assert time.monotonic() - begun >= 0.05
        assert not stop()
        os.kill(os.getpid(), signal.SIGTERM)
        assert stop()
        assert stop.wait(60)
    finally:
        for number, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
            signal.signal(number, handler)


def test_a_child_is_told_who_started_it() -> None:
    assert child_environment()["EFTERKLANG_PARENT"] == str(os.getpid())
    assert child_environment().items() >= {"PATH": os.environ["PATH"]}.items()
