import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance.cli._keeper import Keeper

PROGRAM = """
import os, socket, sys, time
from appliance import service
kept = service.take_kept()
listener = kept.get("listener") or socket.create_server(("127.0.0.1", 0))
if not kept:
    service.keep("listener", listener)
    service.keep("spare", listener)
else:
    service.forget("spare")
print(sorted(kept), listener.getsockname()[1], len(os.listdir("/proc/self/fd")), flush=True)
time.sleep(60)
"""


@pytest.fixture
def keeper() -> Iterator[Keeper]:
    made = Keeper()
    yield made
    made.close()


def start(keeper: Keeper) -> "subprocess.Popen[str]":
    keeper.collect()
    return subprocess.Popen(
        keeper.command([sys.executable, "-c", PROGRAM]),
        env={**os.environ, **keeper.environment()},
        pass_fds=keeper.descriptors,
        stdout=subprocess.PIPE,
        text=True,
    )


def kill(process: "subprocess.Popen[str]") -> None:
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert process.stdout
    process.stdout.close()


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def told(process: "subprocess.Popen[str]") -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def test_the_next_process_goes_on_with_what_a_killed_one_had(keeper: Keeper) -> None:
    first = start(keeper)
    try:
        kept, port, _ = told(first).rsplit(" ", 2)
        assert kept == "[]"
    finally:
        kill(first)
    keeper.collect()
    assert [name for name, _ in keeper.kept] == ["listener", "spare"]
    with socket.create_connection(("127.0.0.1", int(port))):  # nobody is there, and yet it listens
        second = start(keeper)
        try:
            assert told(second).startswith(f"['listener', 'spare'] {port} ")
        finally:
            kill(second)
    keeper.collect()
    assert [name for name, _ in keeper.kept] == ["listener"]


def test_no_descriptor_is_left_over_however_often_it_is_killed(keeper: Keeper) -> None:
    open_ones = []
    for _ in range(4):
        process = start(keeper)
        try:
            open_ones.append(told(process).rsplit(" ", 1)[1])
        finally:
            kill(process)
    assert open_ones[2] == open_ones[3]


def test_what_is_too_much_is_let_go_of(keeper: Keeper) -> None:
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    with channel, socket.create_server(("127.0.0.1", 0)) as kept:
        channel.connect(keeper.environment()["NOTIFY_SOCKET"])
        before = open_descriptors()
        for number in range(70):
            socket.send_fds(channel, [f"FDSTORE=1\nFDNAME=n{number}".encode()], [kept.fileno()])
            keeper.collect()
        assert len(keeper.kept) == 64
        assert open_descriptors() == before + 64
