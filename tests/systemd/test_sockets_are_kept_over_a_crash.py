import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from appliance import service


@pytest.fixture
def told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> socket.socket:
    """What the process tells its supervisor."""
    address = str(tmp_path / "notify")
    channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    channel.bind(address)
    channel.settimeout(1)
    monkeypatch.setenv("NOTIFY_SOCKET", address)
    return channel


def test_a_kept_socket_goes_to_the_supervisor_with_its_name(told: socket.socket) -> None:
    with told, socket.create_server(("127.0.0.1", 0)) as ours:
        service.keep("pbx.listener", ours)
        message, descriptors, _, _ = socket.recv_fds(told, 500, 5)
        assert message == b"FDSTORE=1\nFDNAME=pbx.listener\nFDPOLL=0"
        with socket.socket(fileno=descriptors[0]) as theirs:
            assert theirs.getsockname() == ours.getsockname()
        service.forget("pbx.listener")
        assert told.recv(500) == b"FDSTOREREMOVE=1\nFDNAME=pbx.listener"


def test_what_was_kept_is_taken_once_and_not_handed_on(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(
        """import os, socket, subprocess, sys
from appliance import service
kept = service.take_kept()
print({name: (each.getsockname()[1], each.get_inheritable()) for name, each in kept.items()}, service.take_kept())
""",
        encoding="utf-8",
    )
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        shell = f'LISTEN_PID=$$ exec "$0" "$@" 3<&{one.fileno()} 4<&{two.fileno()}'
        done = subprocess.run(
            ["/bin/bash", "-c", shell, sys.executable, str(program)],
            env={**os.environ, "LISTEN_FDS": "2", "LISTEN_FDNAMES": "one:two"},
            pass_fds=[one.fileno(), two.fileno()],
            capture_output=True,
            text=True,
            check=True,
        )
        ports = (one.getsockname()[1], two.getsockname()[1])
    assert done.stdout == f"{ {'one': (ports[0], False), 'two': (ports[1], False)} } {{}}\n"


def test_what_was_kept_for_another_process_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LISTEN_FDS", "1")
    monkeypatch.setenv("LISTEN_FDNAMES", "one")
    monkeypatch.setenv("LISTEN_PID", str(os.getpid() + 1))
    assert service.take_kept() == {}
