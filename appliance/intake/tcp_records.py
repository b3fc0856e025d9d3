"""Call records as lines over TCP: the PBX connects to us, or we to it."""

import logging
import re
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.intake.adapter import Desk
from appliance.intake.kept_stream import Frame, KeptStream, Sight
from appliance.intake.ledger import Ledger, Line
from appliance.intake.record import RecordReader
from appliance.intake.tcp_link import Calling, Link, Listening
from appliance.settings import TcpSettings
from appliance.store import intake_sources, intake_streams
from appliance.store.intake_sources import SourceState

_LINE_END: Final = re.compile(rb"[\r\n\x00\x02\x03\x0c]+")
"""CR, LF or both, and what PBXs put round a record besides: NUL, STX, ETX, form feed."""
_MAX_LINE_BYTES: Final = 8192
_LINES_AT_ONCE: Final = 250
"""In one transaction: the line processes must not wait long for theirs."""

_log = logging.getLogger(__name__)


@dataclass
class _Connection:
    stream: KeptStream
    reader: RecordReader
    gave_lines: bool = False


class TcpRecords:
    """One source of the configuration, with its connections."""

    def __init__(
        self, desk: Desk, source: TcpSettings, new_reader: Callable[[], RecordReader], kept: dict[str, socket.socket]
    ) -> None:
        self._desk = desk
        self._source = source
        self._new_reader = new_reader
        self._ledger = Ledger(desk, source.name)
        self._connections: list[_Connection] = []
        self._state: SourceState | None = None
        self._listening = source.listen and Listening(source.name, source.listen, source.trusted_addresses, kept)
        self._calling = source.connect and Calling(source.name, source.connect, kept)

    @property
    def name(self) -> str:
        return self._source.name

    def waits_for(self) -> Iterator[socket.socket]:
        if self._listening and self._listening.listener:
            yield self._listening.listener
        yield from (connection.stream.connection for connection in self._connections)

    def work(self, now: datetime) -> None:
        try:
            for link in self._new_links():
                self._connections.append(self._open(link))
            for connection in list(self._connections):
                self._serve(connection, now)
        finally:
            self._say_state(now)

    def close(self) -> None:
        if self._listening:
            self._listening.close()
        if self._calling:
            self._calling.close()
        for connection in self._connections:
            connection.stream.connection.close()

    def _new_links(self) -> Iterator[Link]:
        if self._listening:
            yield from self._listening.new()
        elif self._calling and not self._connections:
            yield from self._calling.new()

    def _open(self, link: Link) -> _Connection:
        name, connection = link
        mark = intake_streams.mark_of(self._desk.db, name)
        return _Connection(KeptStream(connection, name, _LINE_END, mark, _MAX_LINE_BYTES), self._new_reader())

    def _serve(self, connection: _Connection, now: datetime) -> None:
        sight = connection.stream.look(_LINES_AT_ONCE)
        if sight.has_ended:
            self._end(connection)
        elif sight.mark != connection.stream.mark:
            self._enter(connection, sight, now)
            connection.stream.take(sight)
            connection.gave_lines = True

    def _enter(self, connection: _Connection, sight: Sight, now: datetime) -> None:
        """Commit what the lines give together with the place after them."""
        name = connection.stream.name
        lines = [_line(frame) for frame in sight.frames]
        self._ledger.enter(
            lines, connection.reader, now, lambda: intake_streams.set_mark(self._desk.db, name, sight.mark)
        )

    def _end(self, connection: _Connection) -> None:
        _log.info("%s: a connection has ended", self.name)
        self._connections.remove(connection)
        connection.stream.close()
        intake_streams.forget(self._desk.db, connection.stream.name)
        if self._calling:
            self._calling.is_over(was_good=connection.gave_lines)

    def _say_state(self, now: datetime) -> None:
        if self._connections:
            state = SourceState.CONNECTED
        elif self._listening and self._listening.listener:
            state = SourceState.LISTENING
        else:
            state = (
                SourceState.REFUSED
                if self._listening or (self._calling and self._calling.is_refused)
                else SourceState.WAITING
            )
        if state is not self._state:
            intake_sources.set_state(self._desk.db, self.name, state, now)
            self._state = state


def _line(frame: Frame) -> Line:
    """PBXs write UTF-8 or, older ones, Latin-1."""
    try:
        text = frame.content.decode("utf-8")
    except UnicodeDecodeError:
        text = frame.content.decode("latin-1")
    if frame.is_whole:
        return Line(frame.number, text)
    is_long = len(frame.content) >= _MAX_LINE_BYTES
    return Line(
        frame.number,
        text,
        f"longer than {_MAX_LINE_BYTES} bytes" if is_long else "cut off: the connection ended within it",
    )
