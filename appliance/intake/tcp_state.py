"""What Linux knows of a TCP connection (TCP_INFO, linux/tcp.h): how far it has been read, and whether more can come."""

import errno
import fcntl
import socket
import struct
import termios
from typing import Final

_ESTABLISHED: Final = 1
_CLOSED: Final = 7
_ENDED_BY_THE_OTHER: Final = 8
_INFO_BYTES: Final = 256
_BYTES_RECEIVED_AT: Final = 128


def is_open(connection: socket.socket) -> bool:
    """Whether the other end may still send; what it has sent can be read in any case."""
    return _info(connection)[0] == _ESTABLISHED


def bytes_read(connection: socket.socket) -> int:
    """How many bytes of all that came have been taken out of the socket, by whichever process."""
    while True:  # what arrives between the two questions would be counted as read
        before = _info(connection)
        waiting: int = struct.unpack("i", fcntl.ioctl(connection, termios.FIONREAD, bytes(4)))[0]
        if _info(connection) == before:
            break
    state, received = before
    return received - waiting - _counted_end(connection, state)


def _counted_end(connection: socket.socket, state: int) -> int:
    """The end of the stream (FIN) counts as a byte received; EPIPE tells it where a reset has followed it."""
    if state == _CLOSED:
        return int(connection.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR) == errno.EPIPE)
    return int(state == _ENDED_BY_THE_OTHER)


def _info(connection: socket.socket) -> tuple[int, int]:
    """State and bytes received."""
    info = connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, _INFO_BYTES)
    return info[0], struct.unpack_from("=Q", info, _BYTES_RECEIVED_AT)[0]
