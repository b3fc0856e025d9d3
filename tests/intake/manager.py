"""A manager interface that does as a test tells, on a port of its own; it speaks with one at a time."""

import hashlib
import socket
from threading import Thread
from types import TracebackType
from typing import Final, Self

USER: Final = "efterklang"
PASSWORD: Final = "mycket-hemligt"
GREETING: Final = b"Asterisk Call Manager/11.0.0\r\n"
_CHALLENGE: Final = "840415273"


class Manager:
    """`refuses` every log-in; `challenges`: offers MD5; `says` comes after it; `mute`: no ping is answered."""

    def __init__(
        self, *, greeting: bytes = GREETING, refuses: bool = False, challenges: bool = True, says: bytes = b"",
        mute: bool = False,
    ) -> None:  # fmt: skip
        self._greeting = greeting
        self._refuses = refuses
        self._challenges = challenges
        self._says = says
        self._mute = mute
        self._server = socket.create_server(("127.0.0.1", 0))
        self._thread = Thread(target=self._serve)
        self._connection: socket.socket | None = None
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self.asked: list[dict[str, str]] = []
        self.connections = 0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self.hang_up()
        self._thread.join(5)

    def hang_up(self) -> None:
        """Close the connection there is."""
        if self._connection:
            try:
                self._connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                return

    def say(self, text: bytes) -> None:
        assert self._connection
        self._connection.sendall(text)

    def pings(self) -> int:
        return sum(each["Action"] == "Ping" for each in self.asked)

    def _serve(self) -> None:
        while True:
            try:
                self._connection, _ = self._server.accept()
            except OSError:
                return
            self.connections += 1
            with self._connection as connection:
                try:
                    self._speak(connection)
                except OSError:
                    continue

    def _speak(self, connection: socket.socket) -> None:
        connection.sendall(self._greeting)
        for number, block in enumerate(iter(lambda: _block(connection), b"")):
            asked = dict(line.split(": ", 1) for line in block.decode().split("\r\n") if line)
            self.asked.append(asked)
            if answer := self._answer(asked, is_first_ping=number == 2):
                connection.sendall(answer + b"\r\n\r\n")

    def _answer(self, asked: dict[str, str], *, is_first_ping: bool) -> bytes:
        action = asked["Action"]
        if action == "Challenge":
            return f"Response: Success\r\nChallenge: {_CHALLENGE}".encode() if self._challenges else b"Response: Error"
        if action == "Login":
            key = hashlib.md5((_CHALLENGE + PASSWORD).encode(), usedforsecurity=False).hexdigest()
            is_right = asked.get("Key") == key and not self._refuses
            return b"Response: Success\r\nMessage: Authentication accepted" if is_right else b"Response: Error"
        if is_first_ping:
            says = b"\r\n\r\n" + self._says if self._says else b""
            return b"Response: Success\r\nPing: Pong\r\nTimestamp: 1795000000.123456" + says
        return b"" if self._mute else b"Response: Success\r\nPing: Pong\r\nTimestamp: 1795000000.123456"


def _block(connection: socket.socket) -> bytes:
    """What is asked, to its end; empty where the connection is closed."""
    data = b""
    while not data.endswith(b"\r\n\r\n"):
        more = connection.recv(4096)
        if not more:
            return b""
        data += more
    return data
