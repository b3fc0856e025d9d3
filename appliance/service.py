"""What a process tells systemd: ready, alive, stopping. Without systemd it tells nobody, and nothing fails."""

import os
import socket

try:
    from systemd.daemon import notify
except ImportError:  # systemd-python comes with the extra `box`; the datagram below says the same
    notify = None


def ready(status: str = "") -> None:
    """Say that the process does its work now; `status` is a line for `systemctl status`."""
    _tell("READY=1", *([f"STATUS={status}"] if status else []))


def alive(status: str = "") -> None:
    """Feed the watchdog (WatchdogSec); call it from the loop that must never stand still."""
    _tell("WATCHDOG=1", *([f"STATUS={status}"] if status else []))


def stopping() -> None:
    """Say that the process is on its way down and will end by itself."""
    _tell("STOPPING=1")


def _tell(*lines: str) -> None:
    message = "\n".join(lines)
    if notify is not None:
        notify(message)
        return
    address = os.environ.get("NOTIFY_SOCKET")
    if not address:
        return
    if address.startswith("@"):  # systemd writes an abstract address so; the kernel wants a leading zero byte
        address = "\0" + address[1:]
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as channel:
        try:
            channel.sendto(message.encode(), address)
        except OSError:  # a supervisor that is gone is no reason to end a call
            return
