import http.client
import os
import signal
import socket
import threading
import time
from pathlib import Path

import pytest
from made_up import MadeUp
from served import address_of, serving, status_of, web_process

from appliance.errors import WebError
from appliance.store import processes
from appliance.web.serve import bind


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_says_that_it_lives_and_ends_within_two_seconds(made: MadeUp, stop: signal.Signals) -> None:
    with web_process(made.directory) as process:
        address = address_of(process, made.directory)
        assert [beat.pid for beat in processes.all_beats(made.db)] == [process.pid]
        assert status_of(address, "/health") == 200
        began = time.monotonic()
        process.send_signal(stop)
        out, messages = process.communicate(timeout=20)
        assert time.monotonic() - began < 2
    assert (process.returncode, out) == (0, "")
    assert "Traceback" not in messages
    assert processes.all_beats(made.db) == []


def test_it_stops_though_a_visitor_holds_the_line(made: MadeUp) -> None:
    with web_process(made.directory) as process:
        address = address_of(process, made.directory)
        visitor = http.client.HTTPConnection(address.removeprefix("http://"))
        visitor.request("GET", "/login")
        visitor.getresponse().read()
        process.terminate()
        process.communicate(timeout=20)
        visitor.close()
    assert process.returncode == 0


def test_a_taken_port_is_one_clear_line(made: MadeUp) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with web_process(made.directory, f"127.0.0.1:{port}") as process:
            out, messages = process.communicate(timeout=30)
    assert (process.returncode, out) == (1, "")
    assert messages.splitlines()[-1] == (
        f"efterklang: cannot bind 127.0.0.1:{port}: address already in use; stop what uses it or set web.bind"
    )
    assert "Traceback" not in messages


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("192.0.2.1:8080", "cannot assign requested address"),
        ("no-such-host.invalid:8080", "no address of this computer"),
    ],
)
def test_an_address_that_is_not_ours_is_one_clear_line(address: str, reason: str) -> None:
    with pytest.raises(WebError, match=reason) as error:
        bind(address)
    assert f"cannot bind {address}" in str(error.value)


def test_it_tells_systemd_that_it_is_ready_and_lives(
    made: MadeUp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(tmp_path / "notify"))
        channel.settimeout(30)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        with web_process(made.directory) as process:
            told = [channel.recv(1000).decode().splitlines()[0] for _ in range(2)]
            process.terminate()
            told.append(channel.recv(1000).decode())
            process.communicate(timeout=20)
    assert told == ["READY=1", "WATCHDOG=1", "STOPPING=1"]


def test_many_visitors_at_once_are_all_answered(made: MadeUp) -> None:
    with serving(made.directory) as address:
        statuses: list[int] = []
        visits = [threading.Thread(target=lambda: statuses.append(status_of(address, "/login"))) for _ in range(24)]
        for visit in visits:
            visit.start()
        for visit in visits:
            visit.join(30)
    assert statuses == [200] * 24


def test_it_ends_with_the_process_that_started_it(made: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EFTERKLANG_PARENT", str(os.getpid() + 1))
    with web_process(made.directory) as process:
        process.communicate(timeout=30)
    assert process.returncode == 0
