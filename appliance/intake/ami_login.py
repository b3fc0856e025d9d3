"""The way into Asterisk's manager interface: connect, TLS where it is set, and log in without showing the password."""

import hashlib
import socket
import ssl
from dataclasses import dataclass
from typing import Final

from appliance.errors import IntakeError
from appliance.intake.ami_message import MAX_MESSAGE_BYTES, Frames, Message
from appliance.settings import AmiSettings

_PATIENCE_SECONDS: Final = 10.0
_GREETING: Final = b"Asterisk Call Manager"


class LoginRefusedError(IntakeError):
    """Asterisk is there and does not let us in: trying again helps only after somebody has changed something."""


@dataclass(frozen=True, slots=True)
class Session:
    """A connection that events come over."""

    connection: socket.socket
    frames: Frames
    messages: tuple[Message, ...]
    """What came along with the answer to the log-in."""
    since: float
    """When we logged in, in seconds by Asterisk's clock."""


def log_in(settings: AmiSettings) -> Session:
    """Wait for it, for some seconds. OSError where the way is not open, LoginRefusedError where we are not let in."""
    password = settings.password()
    host, _, port = settings.address.rpartition(":")
    connection = socket.create_connection((host.strip("[]"), int(port)), _PATIENCE_SECONDS)
    try:
        if settings.tls:
            context = ssl.create_default_context(cafile=settings.ca_file)
            connection = context.wrap_socket(connection, server_hostname=host.strip("[]"))
        return _Dialogue(connection).log_in(settings, password)
    except BaseException:
        connection.close()
        raise


class _Dialogue:
    """Questions with one answer each, before the events begin."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._frames = Frames()
        self._waiting: list[Message] = []

    def log_in(self, settings: AmiSettings, password: str) -> Session:
        self._read_greeting()
        events = "agent,call,cdr" if settings.cdr else "agent,call"
        challenge = self._ask(Action="Challenge", AuthType="MD5").get("challenge", "")
        if challenge:
            key = hashlib.md5((challenge + password).encode(), usedforsecurity=False).hexdigest()
            secret = {"AuthType": "MD5", "Key": key}
        elif settings.tls:
            secret = {"Secret": password}
        else:
            raise LoginRefusedError(
                f"ami: {settings.address} offers no MD5 log-in; without tls = true there is no other"
            )
        if self._ask(Action="Login", Username=settings.user, Events=events, **secret).get("response") != "Success":
            raise LoginRefusedError(
                f"ami: {settings.address} refuses the user {settings.user}: look at its secret, permit and deny in"
                " manager.conf, and at intake.ami"
            )
        pong = self._ask(Action="Ping")
        try:
            since = float(pong.get("timestamp", ""))
        except ValueError:
            raise LoginRefusedError(f"ami: {settings.address} does not tell its time; is it Asterisk?") from None
        return Session(self._connection, self._frames, tuple(self._waiting), since)

    def _read_greeting(self) -> None:
        line = b""
        while not line.endswith(b"\r\n"):
            line += self._connection.recv(1) or _gone()
            if len(line) > len(_GREETING) + 40 or not (_GREETING.startswith(line) or line.startswith(_GREETING)):
                raise LoginRefusedError("ami: the other end of intake.ami.address is no Asterisk manager interface")

    def _ask(self, **fields: str) -> Message:
        """The answer; events that come before it wait."""
        self._connection.sendall(action(**fields))
        seen = 0
        while True:
            data = self._connection.recv(4096) or _gone()
            seen += len(data)
            found = self._frames.feed(data)
            answers = [message for message in found if "response" in message]
            self._waiting += [message for message in found if "event" in message]
            if answers:
                return answers[0]
            if seen > MAX_MESSAGE_BYTES * 16:
                raise LoginRefusedError("ami: no answer to the log-in among a flood of events")


def action(**fields: str) -> bytes:
    """What we say to Asterisk."""
    return "".join(f"{key}: {value}\r\n" for key, value in fields.items()).encode() + b"\r\n"


def _gone() -> bytes:
    raise ConnectionResetError("the connection was closed during the log-in")
