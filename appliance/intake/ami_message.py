"""Messages of Asterisk's manager interface: lines of `Key: value`, ended by an empty one."""

from collections.abc import Mapping
from typing import Final

MAX_MESSAGE_BYTES: Final = 64 * 1024
_END: Final = b"\r\n\r\n"

Message = Mapping[str, str]
"""Keys in small letters. A channel's variable stands under `chanvariable NAME`."""


class Frames:
    """Cuts a stream into messages; what is too long to be one is skipped, and never kept in memory."""

    def __init__(self) -> None:
        self._rest = b""
        self._is_skipping = False
        self.skipped = 0
        """Messages that were too long."""

    def feed(self, data: bytes) -> list[Message]:
        """The messages that this piece of the stream completes."""
        *whole, self._rest = (self._rest + data).split(_END)
        if whole and self._is_skipping:
            del whole[0]
            self._is_skipping = False
        if len(self._rest) > MAX_MESSAGE_BYTES:
            self.skipped += not self._is_skipping
            self._is_skipping = True
            self._rest = self._rest[-len(_END) :]  # the end may be coming
        return [parse(message) for message in whole]


def parse(message: bytes) -> Message:
    """A message without its end; what is no `Key: value` is left out, of a key that comes twice the first counts."""
    fields: dict[str, str] = {}
    for line in message.decode("utf-8", errors="replace").split("\r\n"):
        key, colon, value = line.partition(":")
        key, value = key.strip().lower(), value.strip()
        if key == "chanvariable":
            name, colon, value = value.partition("=")
            key = f"chanvariable {name.lower()}"
        if colon:
            fields.setdefault(key, value)
    return fields
