"""A PBX's end of a TCP connection, and an intake that works as the real one does, turn by turn."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from made_up import MadeUp
from records import NOW, STOCKHOLM, register_of, settings_with

from appliance.intake.adapter import Desk
from appliance.intake.tcp_records import TcpRecords
from appliance.settings import TcpSettings
from appliance.store import intake_sources
from appliance.store.intake_sources import Source

PROFILE = """
encoding = "utf-8"
call_id = ["id"]
[layout]
kind = "delimited"
delimiter = ","
columns = ["id", "ended", "number", "queue", "talk"]
[ended]
columns = ["ended"]
format = "iso"
[number]
inbound = "number"
[queue]
columns = ["queue"]
[talk]
columns = ["talk"]
"""


def profile_in(folder: Path) -> str:
    """The path of a small profile."""
    path = folder / "small.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return str(path)


def line(call_id: str, number: str = "070-174 06 05") -> bytes:
    return f"{call_id},2026-11-24T15:00:00,{number},Växel,120\r\n".encode()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


class Intake:
    """One TCP source at work."""

    def __init__(
        self, box: MadeUp, source: TcpSettings, kept: dict[str, socket.socket] | None = None, now: datetime = NOW
    ) -> None:
        self.box = box
        self.now = now
        settings = settings_with()
        self.desk = Desk(box.db, register_of(box.db, box.directory, settings), settings, STOCKHOLM)
        self.adapter = TcpRecords(self.desk, source, kept if kept is not None else {})
        self.adapter.work(now)

    def until(self, condition: Callable[[], bool], seconds: float = 5) -> None:
        """Turns, until something is so."""
        deadline = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < deadline
            self.adapter.work(self.now)
            time.sleep(0.005)

    @property
    def source(self) -> Source:
        return next(each for each in intake_sources.all_sources(self.box.db) if each.name == self.adapter.name)

    def lines(self) -> int:
        """Accounted for."""
        source = self.source
        return source.decided + source.repeated + source.rejected + source.no_record


@contextmanager
def listening(box: MadeUp, trusted: str = "127.0.0.0/8", profile: str = "") -> Iterator[tuple[Intake, int]]:
    """An intake that a PBX may connect to, and its port."""
    port = free_port()
    source = TcpSettings(
        name="pbx",
        profile=profile or profile_in(box.directory),
        listen=f"127.0.0.1:{port}",
        trusted_addresses=(trusted,),
    )
    intake = Intake(box, source)
    with closing(intake.adapter):
        yield intake, port


@contextmanager
def pbx_at(port: int) -> Iterator[socket.socket]:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        yield connection
