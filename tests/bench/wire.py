"""A hostile PBX's end of the wire, UDP or TCP: whole messages in, any bytes out."""

import re
import select
import socket
from typing import Final

_LENGTH: Final = re.compile(rb"\r\n(?:content-length|l)\s*:\s*(\d+)", re.IGNORECASE)


class UdpWire:
    def __init__(self, pbx_port: int, line_port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", pbx_port))
        self._line = ("127.0.0.1", line_port)

    def send(self, text: bytes) -> None:
        self._socket.sendto(text, self._line)

    def receive(self, seconds: float) -> list[bytes]:
        """What has come, after at most so long a wait."""
        got = []
        while select.select([self._socket], [], [], seconds)[0]:
            got.append(self._socket.recv(65535))
            seconds = 0
        return got

    def close(self) -> None:
        self._socket.close()


class TcpWire:
    """The connections that the line has made to us, and one of ours to it; a broken one is made anew."""

    def __init__(self, pbx_port: int, line_port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", pbx_port))
        self._line = ("127.0.0.1", line_port)
        self._heard: dict[socket.socket, bytes] = {}
        self._ours: socket.socket | None = None

    def send(self, text: bytes) -> None:
        """On the line's own connection where it has one, for that is where its calls are."""
        theirs = next((open_ for open_ in self._heard if open_ is not self._ours), None)
        self._send(theirs or self._our_own(), text)

    def send_afresh(self, text: bytes) -> None:
        """On a connection that no earlier message has spoilt."""
        if self._ours:
            self._drop(self._ours)
        self._send(self._our_own(), text)

    def receive(self, seconds: float) -> list[bytes]:
        got: list[bytes] = []
        while readable := select.select([self._listener, *self._heard], [], [], seconds)[0]:
            seconds = 0
            for ready in readable:
                if ready is self._listener:
                    self._take(self._listener.accept()[0])
                else:
                    got += self._read(ready)
        return got

    def close(self) -> None:
        for open_ in (*self._heard, self._listener):
            open_.close()

    def _take(self, fresh: socket.socket) -> None:
        fresh.settimeout(1)
        self._heard[fresh] = b""

    def _our_own(self) -> socket.socket:
        if self._ours is None:
            self._ours = socket.create_connection(self._line, 1)
            self._take(self._ours)
        return self._ours

    def _send(self, open_: socket.socket, text: bytes) -> None:
        try:
            open_.sendall(text)
        except OSError:
            self._drop(open_)

    def _drop(self, open_: socket.socket) -> None:
        self._heard.pop(open_, None)
        open_.close()
        if open_ is self._ours:
            self._ours = None

    def _read(self, open_: socket.socket) -> list[bytes]:
        try:
            text = open_.recv(65535)
        except OSError:
            text = b""
        if not text:
            self._drop(open_)
            return []
        whole, self._heard[open_] = split(self._heard[open_] + text)
        return whole


Wire = UdpWire | TcpWire


def split(stream: bytes) -> tuple[list[bytes], bytes]:
    """Whole messages, as PJSIP writes them, and the beginning of the next."""
    whole = []
    while (end := (stream := stream.lstrip(b"\r\n")).find(b"\r\n\r\n")) >= 0:
        length = _LENGTH.search(stream[:end])
        end += 4 + (int(length[1]) if length else 0)
        if len(stream) < end:
            break
        whole.append(stream[:end])
        stream = stream[end:]
    return whole, stream
