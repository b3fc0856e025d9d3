"""The intake process: one loop over every way in, in one thread with one database connection."""

import logging
import os
import selectors
import socket
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from textwrap import wrap
from typing import Final
from zoneinfo import ZoneInfo

from appliance import service
from appliance.custody.keys import Keys
from appliance.errors import EfterklangError
from appliance.intake.adapter import Adapter, Desk
from appliance.intake.ami import Ami
from appliance.intake.doubt import CLOCK_IN_DOUBT, is_clock_in_doubt
from appliance.intake.inbox import Inbox
from appliance.intake.register import Register
from appliance.intake.tcp_records import TcpRecords
from appliance.settings import Settings
from appliance.store import Database, intake_sources, intake_streams, processes

_NAME: Final = "intake"
_TURN_SECONDS: Final = 0.5
_BEAT_EVERY_SECONDS: Final = 3.0
_TROUBLE_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


class Housekeeping:
    """The day's seed before anybody is drawn by it, the watchdog and the heartbeat, and whether the others may work."""

    name = "housekeeping"
    is_holding = False
    """While the clock is in doubt files and bytes wait where they are."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._day: date | None = None
        self._beat_at = 0.0

    def waits_for(self) -> Sequence[socket.socket]:
        return ()

    def work(self, now: datetime) -> None:
        service.alive()
        self._look_at_the_clock()
        if not self.is_holding and now.astimezone(self._desk.zone).date() != self._day:
            today = self._desk.register.prepare(now)
            _log.info("the draw of %s: the seed's SHA-256 is %s", f"{today.day:%d %B %Y}", _legible(today.seed_hash))
            self._day = today.day
        if time.monotonic() >= self._beat_at:
            note = CLOCK_IN_DOUBT if self.is_holding else "waiting for ended contacts"
            processes.beat(self._desk.db, _NAME, note, now)
            self._beat_at = time.monotonic() + _BEAT_EVERY_SECONDS

    def _look_at_the_clock(self) -> None:
        was_holding, self.is_holding = self.is_holding, is_clock_in_doubt(self._desk.db, self._desk.settings)
        if self.is_holding and not was_holding:
            _log.warning(CLOCK_IN_DOUBT)
        elif was_holding and not self.is_holding:
            _log.info("the clock is believed again")

    def close(self) -> None:
        """It holds nothing open."""


def _legible(digest: str) -> str:
    """In fours: the log takes a longer run of digits for a telephone number."""
    return ":".join(wrap(digest, 4))


def adapters_of(desk: Desk) -> list[Adapter]:
    """Every way in that the configuration opens; what was kept for one that is closed now is let go of."""
    kept = service.take_kept()
    intake_streams.keep_only(desk.db, frozenset(kept))
    adapters: list[Adapter] = [Inbox(desk)]
    adapters += [TcpRecords(desk, source, kept) for source in desk.settings.intake.tcp]
    adapters += [Ami(desk, ami) for ami in (desk.settings.intake.ami,) if ami]
    intake_sources.keep_only(desk.db, frozenset(adapter.name for adapter in adapters))
    for name, left in kept.items():
        service.forget(name)
        left.close()
    return adapters


def run(db: Database, keys: Keys, settings: Settings, should_stop: Callable[[], bool]) -> None:
    """Work until told to stop."""
    desk = Desk(db, Register(db, keys, settings), settings, ZoneInfo(settings.municipality.time_zone))
    processes.begin(db, _NAME, os.getpid(), datetime.now(UTC))
    housekeeping = Housekeeping(desk)
    first, turns = _Turn(housekeeping), [_Turn(adapter) for adapter in adapters_of(desk)]
    others: list[_Turn] = []
    service.ready()
    while not should_stop():
        ready = _wait([first, *others])
        if not first.is_in_trouble or time.monotonic() >= first.due_at:
            first.take()  # before whatever the others take in
        others = [] if first.is_in_trouble or housekeeping.is_holding else turns
        for turn in others:
            if time.monotonic() >= turn.due_at or turn.adapter in ready:
                turn.take()
    service.stopping()
    for turn in (first, *turns):
        turn.adapter.close()
    processes.end(db, _NAME)


@dataclass
class _Turn:
    adapter: Adapter
    due_at: float = 0.0
    """Of `time.monotonic`."""
    is_in_trouble: bool = False

    def take(self) -> None:
        """Let the adapter work; whatever happens to it is its own."""
        self.is_in_trouble, self.due_at = False, time.monotonic() + _TURN_SECONDS
        try:
            self.adapter.work(datetime.now(UTC))
        except EfterklangError as error:
            self._pause(str(error))
        except Exception as error:  # noqa: BLE001 -- one source's fault must not silence the others
            where = traceback.extract_tb(error.__traceback__)[-1]  # its text may hold what stood in a record
            self._pause(f"{self.adapter.name}: {type(error).__name__} in {where.filename}:{where.lineno}")

    def _pause(self, what: str) -> None:
        _log.error("%s; tried again in %.0f s", what, _TROUBLE_SECONDS)
        self.is_in_trouble, self.due_at = True, time.monotonic() + _TROUBLE_SECONDS


def _wait(turns: list[_Turn]) -> list[Adapter]:
    """The adapters with something to read; none when somebody's next turn is due, or it is time to look about."""
    with selectors.DefaultSelector() as selector:
        for turn in turns:
            for waited in () if turn.is_in_trouble else turn.adapter.waits_for():
                selector.register(waited, selectors.EVENT_READ, turn.adapter)
        seconds = min(turn.due_at for turn in turns) - time.monotonic()
        return [key.data for key, _ in selector.select(min(max(seconds, 0), _TURN_SECONDS))]
