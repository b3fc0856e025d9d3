"""How a connection to a PBX comes about: it calls us, or we call it, again and again. Sockets outlive the process.

The names that sockets are kept under begin with the source and its address: a changed configuration lets go of them.
"""

import ipaddress
import logging
import random
import secrets
import socket
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from hashlib import sha256
from typing import Final

from appliance import service
from appliance.errors import IntakeError
from appliance.settings.section import HostPort, Network

_CALL_SECONDS: Final = 5.0
_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
_BACKLOG: Final = 16
_KEEPALIVE: Final = {socket.TCP_KEEPIDLE: 60, socket.TCP_KEEPINTVL: 20, socket.TCP_KEEPCNT: 3}
"""Seconds, seconds, times: a PBX that is gone without a word is noticed within two minutes."""

_log = logging.getLogger(__name__)

Link = tuple[str, socket.socket]
"""A connection with the name that it is kept under."""


class Listening:
    """The PBX connects to us, from where it may."""

    def __init__(
        self, source: str, address: HostPort, trusted: Iterable[Network], kept: dict[str, socket.socket]
    ) -> None:
        self._source = source
        self._address = address
        self._label = _label(source, address)
        self._trusted = [ipaddress.ip_network(network) for network in trusted]
        self._listener = kept.pop(f"{self._label}.listener", None)
        self._inherited = _claim(kept, self._label)

    @property
    def listener(self) -> socket.socket | None:
        return self._listener

    def new(self) -> Iterator[Link]:
        """Connections that have come about since; IntakeError where the address cannot be had."""
        while self._inherited:
            yield from self._inherit(*self._inherited.pop())
        if self._listener is None:
            self._listener = self._bind()
            service.keep(f"{self._label}.listener", self._listener)
        self._listener.setblocking(False)
        while True:
            try:
                connection, _ = self._listener.accept()
            except BlockingIOError:
                return
            if self._trusts(connection):
                name = f"{self._label}.{secrets.token_hex(8)}"
                service.keep(name, connection)  # a kill just before cuts the caller off, who calls again
                _keep_alive(connection)
                yield name, connection
            else:
                connection.close()

    def _inherit(self, name: str, connection: socket.socket) -> Iterator[Link]:
        if _peer(connection) is None or self._trusts(connection):  # even one that was reset holds what came before
            yield name, connection
        else:
            service.forget(name)
            connection.close()

    def _trusts(self, connection: socket.socket) -> bool:
        caller = _peer(connection)
        if caller and any(caller in network for network in self._trusted):
            return True
        _log.warning("%s: %s is not in trusted_addresses; its connection is closed", self._source, caller)
        return False

    def _bind(self) -> socket.socket:
        host, port = _parts(self._address)
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        try:
            return socket.create_server((host, port), family=family, backlog=_BACKLOG)
        except OSError as error:
            raise IntakeError(f"{self._source}: cannot listen on {self._address}: {error.strerror}") from error

    def close(self) -> None:
        if self._listener:
            self._listener.close()


class Calling:
    """We connect to the PBX: at once, then after growing pauses, each a little different."""

    def __init__(self, source: str, address: HostPort, kept: dict[str, socket.socket]) -> None:
        self._source = source
        self._address = address
        self._label = _label(source, address)
        self._inherited = _claim(kept, self._label)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=source)  # a name server may take its time
        self._call: Future[Link] | None = None
        self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._again_at = 0.0
        self.is_refused = False
        """The last try came to nothing."""

    def new(self) -> Iterator[Link]:
        """The connection, once, when it has come about; ask again only when it is over."""
        if self._inherited:
            yield self._inherited.pop()
        elif self._call is None and time.monotonic() >= self._again_at:
            self._call = self._thread.submit(self._connect)
        elif self._call and self._call.done():
            yield from self._outcome(self._call)
            self._call = None

    def is_over(self, *, was_good: bool) -> None:
        """The connection is gone; where it was good for something, the pauses begin anew."""
        if was_good:
            self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._again_at = time.monotonic() + self._pause_seconds * random.uniform(0.5, 1)  # noqa: S311 -- no secret
        self._pause_seconds = min(_LONGEST_PAUSE_SECONDS, self._pause_seconds * 2)

    def _outcome(self, call: "Future[Link]") -> Iterator[Link]:
        try:
            link = call.result()
        except OSError as error:
            if not self.is_refused:
                _log.warning("%s: cannot connect to %s: %s", self._source, self._address, error.strerror or error)
            self.is_refused = True
            self.is_over(was_good=False)
            return
        self.is_refused = False
        yield link

    def _connect(self) -> Link:
        """In its own thread. The socket is kept before it connects: no byte comes that could be lost."""
        host, port = _parts(self._address)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        trouble = OSError("no address")
        for family, kind, protocol, _, target in found:
            connection = socket.socket(family, kind, protocol)
            name = f"{self._label}.{secrets.token_hex(8)}"
            service.keep(name, connection)
            connection.settimeout(_CALL_SECONDS)
            try:
                connection.connect(target)
            except OSError as error:
                trouble = error
                service.forget(name)
                connection.close()
            else:
                _keep_alive(connection)
                return name, connection
        raise trouble

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)


def _label(source: str, address: HostPort) -> str:
    return f"{source}.{sha256(address.encode()).hexdigest()[:8]}"


def _claim(kept: dict[str, socket.socket], label: str) -> list[Link]:
    return [(name, kept.pop(name)) for name in sorted(kept) if name.startswith(f"{label}.")]


def _parts(address: HostPort) -> tuple[str, int]:
    host, _, port = address.rpartition(":")
    return host.strip("[]"), int(port)


def _peer(connection: socket.socket) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """The other end's address; None where there is none, or none any more."""
    try:
        address = ipaddress.ip_address(connection.getpeername()[0].partition("%")[0])
    except OSError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _keep_alive(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in _KEEPALIVE.items():
        connection.setsockopt(socket.IPPROTO_TCP, option, value)
