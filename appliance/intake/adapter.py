"""What every way in is to the intake process: something that is given a turn, and never waits in it."""

import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import Database


class Adapter(Protocol):
    """One source of ended contacts."""

    @property
    def name(self) -> str:
        """The source, as its troubles are logged and its state is stored."""

    def waits_for(self) -> Iterable[socket.socket]:
        """Sockets that give it a turn as soon as they can be read."""

    def work(self, now: datetime) -> None:
        """A turn, twice a second and when a socket can be read: do what there is to do, and do not wait.

        Whatever it raises costs this source a pause, and the others nothing.
        """

    def close(self) -> None:
        """The process ends; what systemd keeps stays open."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What every adapter works with: one database connection, one register."""

    db: Database
    register: Register
    settings: Settings
    zone: ZoneInfo
    """The municipality's."""
