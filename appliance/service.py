"""What a process tells systemd: ready, alive, stopping; and the sockets that systemd keeps for it over a crash.

Without systemd it tells nobody, nothing is kept, and nothing fails.
"""

import os
import socket
from array import array
from collections.abc import Sequence
from typing import Final

try:
    from systemd.daemon import notify
except ImportError:  # systemd-python comes with the extra `box`; the datagram below says the same
    notify = None

_FIRST_DESCRIPTOR: Final = 3
"""Where the descriptors that systemd hands over begin (sd_listen_fds(3))."""


def ready(status: str = "") -> None:
    """Say that the process does its work now; `status` is a line for `systemctl status`."""
    _tell("READY=1", *([f"STATUS={status}"] if status else []))


def alive(status: str = "") -> None:
    """Feed the watchdog (WatchdogSec); call it from the loop that must never stand still."""
    _tell("WATCHDOG=1", *([f"STATUS={status}"] if status else []))


def stopping() -> None:
    """Say that the process is on its way down and will end by itself."""
    _tell("STOPPING=1")


def keep(name: str, kept: socket.socket) -> None:
    """Have a socket outlive this process; `name` is ASCII, without colons, and the socket's own.

    It is kept until `forget`: even one whose other end is gone may hold bytes that nobody has read (FDPOLL=0).
    """
    _tell("FDSTORE=1", f"FDNAME={name}", "FDPOLL=0", descriptors=[kept.fileno()])


def forget(name: str) -> None:
    """Let go of a kept socket; whoever holds it open closes it himself."""
    _tell("FDSTOREREMOVE=1", f"FDNAME={name}")


def take_kept() -> dict[str, socket.socket]:
    """The sockets kept by an earlier process of this service, by name; empty the second time."""
    count, owner = os.environ.pop("LISTEN_FDS", "0"), os.environ.pop("LISTEN_PID", "")
    names = os.environ.pop("LISTEN_FDNAMES", "").split(":")
    if owner != str(os.getpid()):
        return {}
    kept = {}
    for name, descriptor in zip(names, range(_FIRST_DESCRIPTOR, _FIRST_DESCRIPTOR + int(count)), strict=False):
        os.set_inheritable(descriptor, False)
        kept[name] = socket.socket(fileno=descriptor)
    return kept


def _tell(*lines: str, descriptors: Sequence[int] = ()) -> None:
    message = "\n".join(lines)
    if notify is not None and not descriptors:
        notify(message)
        return
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # systemd writes an abstract address so; the kernel wants a leading zero byte
        address = "\0" + address[1:]
    rights = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array("i", descriptors))] if descriptors else []
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.sendmsg([message.encode()], rights, 0, address)
        except OSError:  # a supervisor that is gone is no reason to end a call
            return
