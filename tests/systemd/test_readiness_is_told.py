import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from appliance import service


@pytest.fixture
def supervisor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[socket.socket]:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(address)
        channel.settimeout(1)
        monkeypatch.setenv("NOTIFY_SOCKET", address)
        yield channel


def test_ready_alive_and_stopping_reach_the_supervisor(supervisor: socket.socket) -> None:
    service.ready("2 calls")
    service.alive()
    service.stopping()

    assert supervisor.recv(100) == b"READY=1\nSTATUS=2 calls"
    assert supervisor.recv(100) == b"WATCHDOG=1"
    assert supervisor.recv(100) == b"STOPPING=1"


def test_an_abstract_address_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    name = f"efterklang-test-{os.getpid()}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(f"\0{name}")
        channel.settimeout(1)
        monkeypatch.setenv("NOTIFY_SOCKET", f"@{name}")
        service.ready()
        assert channel.recv(100) == b"READY=1"


def test_nothing_fails_where_nobody_listens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET", raising=False)
    service.ready()
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "gone"))
    service.alive()
