"""What systemd's file descriptor store is to a unit, for a child in the foreground: sockets that outlive its processes.

The child says so in the same words (`service.keep`); its next process is given them the same way (sd_listen_fds).
"""

import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

_MOST_KEPT: Final = 64
_MESSAGE_BYTES: Final = 4096
_HANDED_ON: Final = Path(__file__).with_name("_handed_on.py")


class Keeper:
    """Keeps the sockets of one child."""

    def __init__(self) -> None:
        self._folder = TemporaryDirectory(prefix="efterklang-")
        self._address = str(Path(self._folder.name) / "notify")
        self._channel = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._channel.bind(self._address)
        self._channel.setblocking(False)
        self.kept: list[tuple[str, int]] = []
        """Names and descriptors; two sockets may have one name."""

    def collect(self) -> None:
        """Take in what the child has said; often, for it waits where nobody listens."""
        with suppress(BlockingIOError):
            while True:
                message, descriptors, _, _ = socket.recv_fds(self._channel, _MESSAGE_BYTES, _MOST_KEPT)
                self._obey(message.decode().splitlines(), descriptors)

    def command(self, command: list[str]) -> list[str]:
        """The command, made so that its process is given what is kept."""
        if not self.kept:
            return command
        return [sys.executable, "-I", str(_HANDED_ON), ",".join(map(str, self.descriptors)), *command]

    def environment(self) -> dict[str, str]:
        """What the child's process must find in its environment."""
        names = ":".join(name for name, _ in self.kept)
        return {"NOTIFY_SOCKET": self._address, "LISTEN_FDS": str(len(self.kept)), "LISTEN_FDNAMES": names}

    @property
    def descriptors(self) -> tuple[int, ...]:
        return tuple(descriptor for _, descriptor in self.kept)

    def close(self) -> None:
        """Let go of everything."""
        self.collect()
        for descriptor in self.descriptors:
            os.close(descriptor)
        self.kept.clear()
        self._channel.close()
        self._folder.cleanup()

    def _obey(self, lines: list[str], descriptors: list[int]) -> None:
        name = next((line.removeprefix("FDNAME=") for line in lines if line.startswith("FDNAME=")), "stored")
        if "FDSTOREREMOVE=1" in lines:
            self._let_go(name)
        for descriptor in descriptors:
            if "FDSTORE=1" in lines and len(self.kept) < _MOST_KEPT:
                self.kept.append((name, descriptor))
            else:
                os.close(descriptor)

    def _let_go(self, name: str) -> None:
        for kept in [kept for kept in self.kept if kept[0] == name]:
            self.kept.remove(kept)
            os.close(kept[1])
