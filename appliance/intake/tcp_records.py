"""Call records as lines over TCP: the PBX connects to us, or we to it."""

import logging
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from appliance.errors import ConfigError
from appliance.intake.adapter import Desk
from appliance.intake.entered_lines import EnteredLines, Line
from appliance.intake.kept_stream import Frame, KeptStream, Sight
from appliance.intake.profile import Profile
from appliance.intake.profile_file import find_profile, shipped_profiles
from appliance.intake.record import RecordReader
from appliance.intake.tcp_link import Calling, Link, Listening
from appliance.settings import TcpSettings
from appliance.store import intake_sources, intake_streams
from appliance.store.intake_sources import SourceState

_LINE_END: Final = re.compile(rb"[\r\n\x00\x02\x03\x0c]+")
"""CR, LF or both, and what PBXs put round a record besides: NUL, STX, ETX, form feed."""
_MAX_LINE_BYTES: Final = 8192
_TOO_LONG: Final = f"is longer than {_MAX_LINE_BYTES} bytes"
_CUT_OFF: Final = "the connection ended within it"
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

    def __init__(self, desk: Desk, source: TcpSettings, kept: dict[str, socket.socket]) -> None:
        """ConfigError where its profile cannot be used. Of `kept` it takes what is its own."""
        self._desk = desk
        self._source = source
        self._profile = _profile_of(source, desk.settings.storage.directory)
        self._entered = EnteredLines(desk, source.name)
        self._connections: list[_Connection] = []
        self._state: SourceState | None = None
        trusted = source.trusted_addresses
        self._listening = Listening(source.name, source.listen, trusted, kept) if source.listen else None
        self._calling = Calling(source.name, source.connect, kept) if source.connect else None

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
        reader = self._profile.reader(self.name, self._desk.zone, self._desk.register.fingerprint)
        return _Connection(KeptStream(connection, name, _LINE_END, mark, _MAX_LINE_BYTES), reader)

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
        lines = [self._line(frame) for frame in sight.frames]
        self._entered.enter(
            lines, connection.reader, now, lambda: intake_streams.set_mark(self._desk.db, name, sight.mark)
        )

    def _end(self, connection: _Connection) -> None:
        _log.info("%s: a connection has ended", self.name)
        self._connections.remove(connection)
        connection.stream.close()
        intake_streams.forget(self._desk.db, connection.stream.name)
        if self._calling:
            self._calling.is_over(was_good=connection.gave_lines)

    def _line(self, frame: Frame) -> Line:
        text = self._profile.text_of(frame.content)
        if frame.is_whole:
            return Line(frame.number, text)
        is_long = len(frame.content) >= _MAX_LINE_BYTES
        return Line(frame.number, text, _TOO_LONG if is_long else _CUT_OFF)

    def _say_state(self, now: datetime) -> None:
        state = self._current_state()
        if state is not self._state:
            intake_sources.set_state(self._desk.db, self.name, state, now)
            self._state = state

    def _current_state(self) -> SourceState:
        if self._connections:
            return SourceState.CONNECTED
        if self._listening:
            return SourceState.LISTENING if self._listening.listener else SourceState.REFUSED
        is_refused = self._calling is not None and self._calling.is_refused
        return SourceState.REFUSED if is_refused else SourceState.WAITING


def _profile_of(source: TcpSettings, storage: Path) -> Profile:
    if source.name in shipped_profiles() and source.name != source.profile:
        what = f"is the name of another profile, and files read with {source.name} are recorded under it"
        raise ConfigError(f"intake.tcp {source.name}: {what}; give the connection a name of its own")
    profile = find_profile(storage, source.profile)
    if profile.layout.known_columns() is None:
        what = f"profile {source.profile} takes its columns from a heading; a connection has none"
        raise ConfigError(f"intake.tcp {source.name}: {what}; name the columns in the profile")
    return profile
