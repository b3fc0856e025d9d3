"""A TCP connection whose bytes are looked at, decided upon, committed, and only then taken out of the socket.

The socket outlives the process (`service.keep`), the place that was reached stands in the store (`intake_streams`), and
the kernel knows how much has been taken out: between the three, a kill at any moment loses and repeats nothing.
"""

import re
import socket
from dataclasses import dataclass, replace
from typing import Final

from appliance import service
from appliance.intake.tcp_state import bytes_read, is_open
from appliance.store.intake_streams import Mark

_LOOK_BYTES: Final = 64 * 1024
_ROOM_BYTES: Final = 1024 * 1024
"""Or what the system allows (net.core.rmem_max). Half a line that waits for its rest holds on to the whole segment it
came in, 64 KiB on loopback: with the usual 128 KiB the kernel would never let that rest in."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands between two ends."""

    number: int
    """In its stream, from 1."""
    content: bytes
    is_whole: bool = True
    """False where it is longer than may be (only its beginning is given), or the connection ended within it."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What can be seen in the socket and is not yet taken out."""

    frames: tuple[Frame, ...]
    mark: Mark
    """The place after these frames, to be committed with what is decided upon them."""
    has_ended: bool = False
    """Nothing more will ever come."""


class KeptStream:
    """Frames of a connection; `end` matches what ends one, `name` is the connection's own for all its life.

    `mark` is the place up to which everything has been taken out.
    """

    def __init__(
        self, connection: socket.socket, name: str, end: re.Pattern[bytes], mark: Mark, max_frame_bytes: int = 8192
    ) -> None:
        connection.setblocking(False)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _ROOM_BYTES)
        self.connection = connection
        self.name = name
        self._end = end
        self._max_frame_bytes = max_frame_bytes
        taken = bytes_read(connection)
        self.mark: Mark = replace(mark, done_bytes=max(taken, mark.done_bytes))
        self._take_out(self.mark.done_bytes - taken)  # committed, and then the process was killed

    def look(self, most: int) -> Sight:
        """The frames that wait, `most` at most. Nothing is taken out; looked at again they are the same."""
        was_open = is_open(self.connection)
        try:
            seen = self.connection.recv(_LOOK_BYTES, socket.MSG_PEEK)
        except BlockingIOError:
            return Sight((), self.mark)
        except OSError:  # reset
            seen = b""
        if not seen:
            return Sight((), self.mark, has_ended=True)
        return self._cut(seen, most, is_all=not was_open and len(seen) < _LOOK_BYTES)

    def take(self, sight: Sight) -> None:
        """Take what has been decided upon out of the socket."""
        self._take_out(sight.mark.done_bytes - self.mark.done_bytes)
        self.mark = sight.mark

    def close(self) -> None:
        """The connection is over: nobody keeps it any longer."""
        service.forget(self.name)
        self.connection.close()

    def _cut(self, seen: bytes, most: int, *, is_all: bool) -> Sight:
        frames: list[Frame] = []
        begin, number, in_too_long = 0, self.mark.done_frames, self.mark.is_in_too_long
        for end in self._end.finditer(seen):
            content = seen[begin : end.start()]
            if content and not in_too_long:
                number += 1
                frames.append(self._frame(number, content))
            begin, in_too_long = end.end(), False
            if len(frames) == most:
                self._wake_after(0)
                break
        else:
            rest = seen[begin:]
            if rest and (in_too_long or is_all or len(rest) > self._max_frame_bytes):
                if not in_too_long:
                    number += 1
                    frames.append(Frame(number, rest[: self._max_frame_bytes], is_whole=False))
                begin, in_too_long = len(seen), True
            self._wake_after(len(seen) - begin)
        return Sight(tuple(frames), Mark(self.mark.done_bytes + begin, number, in_too_long))

    def _frame(self, number: int, content: bytes) -> Frame:
        whole = len(content) <= self._max_frame_bytes
        return Frame(number, content[: self._max_frame_bytes], is_whole=whole)

    def _wake_after(self, left: int) -> None:
        """What is left lies in the socket and must not make it readable until there is more."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, left + 1)

    def _take_out(self, count: int) -> None:
        while count > 0 and (taken := self.connection.recv(min(count, _LOOK_BYTES), socket.MSG_TRUNC)):
            count -= len(taken)
