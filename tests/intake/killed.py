"""An intake process that is killed again and again while PBXs send; its sockets are kept as systemd keeps them."""

import os
import random
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, Self

from wires import free_port

from appliance.cli._keeper import Keeper


class Victim:
    """`efterklang intake`, started again after each kill."""

    def __init__(self, config: Path, log: Path) -> None:
        self._command = [sys.executable, "-m", "appliance", "--config", str(config), "intake"]
        self._log = log.open("ab")
        self._keeper = Keeper()
        self._process = self._start()

    def kill(self) -> None:
        """SIGKILL, and at once a new process with what the old one had kept."""
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._process = self._start()

    def wait(self, seconds: float) -> None:
        """Listen to what it says meanwhile, as systemd does."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            assert self._process.poll() is None, "the intake has ended by itself"
            self._keeper.collect()
            time.sleep(min(left, 0.01))

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._keeper.close()
        self._log.close()

    def _start(self) -> "subprocess.Popen[bytes]":
        self._keeper.collect()
        return subprocess.Popen(
            self._keeper.command(self._command),
            env={**os.environ, **self._keeper.environment()},
            pass_fds=self._keeper.descriptors,
            stdin=subprocess.DEVNULL,
            stderr=self._log,
        )


class Way(Protocol):
    """How lines reach the box."""

    def settings(self) -> str:
        """What the configuration needs for it (TOML)."""

    def send(self, lines: Sequence[bytes], victim: Victim) -> None: ...

    def close(self) -> None: ...


@dataclass
class Connecting:
    """The PBX connects to the box, or (`is_called`) the box to the PBX; now and then the connection ends."""

    name: str
    profile: str
    luck: random.Random
    is_called: bool
    port: int = field(default_factory=free_port)
    _listener: socket.socket | None = None
    _connection: socket.socket | None = None

    def __post_init__(self) -> None:
        if self.is_called:
            self._listener = socket.create_server(("127.0.0.1", self.port))

    def settings(self) -> str:
        way = "connect" if self.is_called else 'trusted_addresses = ["127.0.0.1"]\nlisten'
        return f'[[intake.tcp]]\nname = "{self.name}"\nprofile = "{self.profile}"\n{way} = "127.0.0.1:{self.port}"\n'

    def send(self, lines: Sequence[bytes], victim: Victim) -> None:
        content = b"".join(line + b"\r\n" for line in lines)
        while content:
            count = self.luck.randint(1, 4000)
            self._connected(victim).sendall(content[:count])
            content = content[count:]
        if self.luck.random() < 0.1:
            self._end()

    def close(self) -> None:
        self._end()
        if self._listener:
            self._listener.close()

    def _end(self) -> None:
        if self._connection:
            self._connection.close()
        self._connection = None

    def _connected(self, victim: Victim) -> socket.socket:
        deadline = time.monotonic() + 60
        while self._connection is None:
            assert time.monotonic() < deadline, f"{self.name}: no connection"
            victim.wait(0.02)
            self._connection = self._accept() if self._listener else self._call()
        return self._connection

    def _accept(self) -> socket.socket | None:
        assert self._listener
        return self._listener.accept()[0] if select.select([self._listener], [], [], 0)[0] else None

    def _call(self) -> socket.socket | None:
        try:
            return socket.create_connection(("127.0.0.1", self.port))
        except ConnectionRefusedError:  # it has not begun yet
            return None


@dataclass
class Dropping:
    """The PBX lays files into the inbox."""

    folder: Path
    heading: bytes = b""
    _count: int = 0

    def settings(self) -> str:
        return ""

    def send(self, lines: Sequence[bytes], victim: Victim) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._count += 1
        path = self.folder / f"{self._count}.part"
        path.write_bytes(b"".join(line + b"\n" for line in ((self.heading, *lines) if self.heading else lines)))
        then = time.time() - 60
        os.utime(path, (then, then))
        path.rename(path.with_suffix(".csv"))

    def close(self) -> None:
        """It holds nothing."""


class Town:
    """All that send, and the box that hears them."""

    def __init__(self, folder: Path, ways: Iterable[tuple[Way, Sequence[bytes]]]) -> None:
        self.ways = list(ways)
        self.box = folder / "box"
        config = folder / "efterklang.toml"
        sections = [f'[storage]\ndirectory = "{self.box}"\n', *(way.settings() for way, _ in self.ways)]
        config.write_text("\n".join(sections), encoding="utf-8")
        self._stack = ExitStack()
        self.victim = Victim(config, folder / "intake.log")
        self._stack.callback(self.victim.close)
        for way, _ in self.ways:
            self._stack.callback(way.close)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def portions(self, count: int) -> Iterator[None]:
        """Everything in so many parts, a part at a time."""
        for part in range(count):
            for way, lines in self.ways:
                way.send(lines[len(lines) * part // count : len(lines) * (part + 1) // count], self.victim)
            yield
