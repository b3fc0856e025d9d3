"""The kernel drops what strangers send to a port of ours: PJSIP neither parses it nor spends a socket on it.

A socket filter (SO_ATTACH_FILTER, classic BPF, see socket(7) and bpf(2)) looks at each packet's source address. A TCP
listener passes it on to the connections that it accepts. IPv4 only: PJSIP's transports here have no other socket.
"""

import ctypes
import logging
import os
import socket
import struct
from collections.abc import Iterable
from ipaddress import IPv4Network
from pathlib import Path
from typing import Final

_SO_ATTACH_FILTER: Final = 26
_SOURCE_ADDRESS: Final = 0xFFF0_0000 + 12
"""SKF_NET_OFF, which is minus 2^20, and the place of the source in an IPv4 header."""
_LOAD_WORD, _AND, _JUMP_IF_EQUAL, _RETURN = 0x20, 0x54, 0x15, 0x06
_WHOLE_PACKET: Final = 0xFFFF_FFFF

_log = logging.getLogger(__name__)

Instruction = tuple[int, int, int, int]
"""Operation, lines to jump over if true, if false, operand."""


def program(allowed: Iterable[IPv4Network]) -> list[Instruction]:
    """Let through what comes from one of the networks; of everything else not a byte."""
    steps: list[Instruction] = []
    for network in allowed:
        steps += [
            (_LOAD_WORD, 0, 0, _SOURCE_ADDRESS),
            (_AND, 0, 0, int(network.netmask)),
            (_JUMP_IF_EQUAL, 0, 1, int(network.network_address)),
            (_RETURN, 0, 0, _WHOLE_PACKET),
        ]
    return [*steps, (_RETURN, 0, 0, 0)]


class Gate:
    """Before the socket of this process that waits on a port."""

    def __init__(self, port: int) -> None:
        self._port = port

    def admit(self, allowed: Iterable[IPv4Network]) -> None:
        """Only these from now on. Where the kernel has no such filter, strangers' calls are still refused by us."""
        steps = program(allowed)
        code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
        try:
            with _waiting_on(self._port) as waiting:
                filter_ = struct.pack("HL", len(steps), ctypes.addressof(code))
                waiting.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER, filter_)
        except OSError as error:
            _log.warning("port %d has no gate, strangers' packets are read: %s", self._port, error)


def _waiting_on(port: int) -> socket.socket:
    """PJSIP's own socket, which it hands to nobody, by a handle of our own; OSError where there is none."""
    for name in Path("/proc/self/fd").iterdir():
        try:
            if not str(name.readlink()).startswith("socket:"):
                continue
            found = socket.socket(fileno=os.dup(int(name.name)))
        except OSError:  # closed meanwhile
            continue
        waits = found.type == socket.SOCK_DGRAM or found.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)
        if found.family == socket.AF_INET and waits and found.getsockname()[1] == port:
            return found
        found.close()
    raise FileNotFoundError(f"no socket waits on port {port}")
