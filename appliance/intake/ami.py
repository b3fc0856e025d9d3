"""Asterisk and FreePBX by the manager interface (AMI).

No library: panoramisk, the best known, was last released in 2021 and brings a loop of its own, and what matters here is
neither the wire nor the log-in but what the events say of a call.

AMI tells things once, to whoever listens. What happens while nobody does is lost, and so are the calls that were under
way when we connected: nobody knows which queues they have been in. So the connection does not outlive the process, and
a call is let go of only when its contacts are on record.
"""

import logging
import random
import socket
import ssl
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from typing import Final

from appliance.errors import EfterklangError
from appliance.intake.adapter import Desk
from appliance.intake.ami_events import SOURCE, Calls, Own
from appliance.intake.ami_login import LoginRefusedError, Session, action, log_in
from appliance.intake.ami_message import Message
from appliance.intake.decided import Undecided, decide_upon
from appliance.intake.register import Verdict
from appliance.number_guard import NumberGuard
from appliance.numbers import read_number
from appliance.settings import AmiSettings, Settings
from appliance.store import intake_sources, writing
from appliance.store.intake_sources import SourceState

_FIRST_PAUSE_SECONDS: Final = 1.0
_LONGEST_PAUSE_SECONDS: Final = 60.0
_REFUSED_PAUSE_SECONDS: Final = 300.0
"""Whoever hammers at the door is locked out, by fail2ban for one."""
_PING_EVERY_SECONDS: Final = 15.0
_DEAD_SECONDS: Final = 40.0
_READ_BYTES: Final = 64 * 1024
_READS_A_TURN: Final = 8

_log = logging.getLogger(__name__)


class Ami:
    """The one Asterisk of the configuration."""

    name = SOURCE

    def __init__(self, desk: Desk, settings: AmiSettings) -> None:
        self._desk = desk
        self._settings = settings
        self._own = own_of(desk.settings)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=SOURCE)
        self._coming: Future[Session] | None = None
        self._session: Session | None = None
        self._calls = Calls(self._own, 0)
        self._again_at = 0.0
        self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._begun_at = self._heard_at = self._pinged_at = 0.0
        self._state: SourceState | None = None
        self._gone_since: datetime | None = None

    def waits_for(self) -> Iterator[socket.socket]:
        if self._session:
            yield self._session.connection

    def work(self, now: datetime) -> None:
        if self._session is None:
            self._connect(now)
        if self._session:
            self._listen(self._session, now)
        self._enter(now)

    def close(self) -> None:
        if self._session:
            self._session.connection.close()
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _connect(self, now: datetime) -> None:
        if self._coming is None and time.monotonic() >= self._again_at:
            self._coming = self._thread.submit(log_in, self._settings)
        elif self._coming and self._coming.done():
            coming, self._coming = self._coming, None
            try:
                self._begin(coming.result(), now)
            except LoginRefusedError as error:
                self._fail(SourceState.REFUSED, str(error), _REFUSED_PAUSE_SECONDS, now)
            except EfterklangError as error:
                self._fail(SourceState.REFUSED, str(error), _LONGEST_PAUSE_SECONDS, now)
            except OSError as error:  # a certificate that is not trusted is one, too
                why = error.strerror or type(error).__name__
                self._fail(SourceState.WAITING, f"ami: no way to {self._settings.address}: {why}", 0, now)

    def _begin(self, session: Session, now: datetime) -> None:
        self._session, self._calls = session, self._calls.renewed(session.since)
        self._begun_at = self._heard_at = self._pinged_at = time.monotonic()
        session.connection.setblocking(False)
        self._see(session.messages, now)
        if self._gone_since:
            _log.warning("ami: connected again; what ended since %s is not known, nor are the calls under way",
                         f"{self._gone_since:%H:%M:%S} UTC")  # fmt: skip
            self._gone_since = None
        else:
            _log.info("ami: connected; calls under way are not counted")
        self._say(SourceState.CONNECTED, now)

    def _fail(self, state: SourceState, why: str, pause_seconds: float, now: datetime) -> None:
        if state is not self._state:
            _log.error("%s", why)
        self._say(state, now)
        self._pause(pause_seconds)

    def _pause(self, least_seconds: float = 0) -> None:
        pause = max(self._pause_seconds, least_seconds)
        self._again_at = time.monotonic() + pause * random.uniform(0.5, 1)  # noqa: S311 -- no secret
        self._pause_seconds = min(_LONGEST_PAUSE_SECONDS, self._pause_seconds * 2)

    def _listen(self, session: Session, now: datetime) -> None:
        try:
            for _ in range(_READS_A_TURN):
                data = session.connection.recv(_READ_BYTES)
                if not data:
                    raise ConnectionResetError("Asterisk has closed it")
                self._heard_at = time.monotonic()
                self._see(session.frames.feed(data), now)
        except (BlockingIOError, ssl.SSLWantReadError):
            self._stay_in_touch(session, now)
        except OSError as error:
            self._end(session, str(error), now)

    def _stay_in_touch(self, session: Session, now: datetime) -> None:
        silent_seconds = time.monotonic() - self._heard_at
        if silent_seconds > _DEAD_SECONDS:
            self._end(session, "it does not answer", now)
        elif time.monotonic() - self._pinged_at > _PING_EVERY_SECONDS:
            self._pinged_at = time.monotonic()
            try:
                session.connection.send(action(Action="Ping"))
            except OSError as error:
                self._end(session, str(error), now)

    def _end(self, session: Session, why: str, now: datetime) -> None:
        _log.warning("ami: the connection is gone: %s; calls under way are not counted", why)
        session.connection.close()
        self._session, self._gone_since = None, now
        self._say(SourceState.WAITING, now)
        if time.monotonic() - self._begun_at > _LONGEST_PAUSE_SECONDS:
            self._pause_seconds = _FIRST_PAUSE_SECONDS
        self._pause()

    def _see(self, messages: Iterable[Message], now: datetime) -> None:
        for message in messages:
            self._calls.see(message, now, time.monotonic())

    def _enter(self, now: datetime) -> None:
        """The calls that are over, on record together."""
        at = time.monotonic()
        names = self._settings.queue_names
        contacts = [replace(told, queue=names.get(told.queue, told.queue)) for told in self._calls.over(at)]
        too_long = self._session.frames.skipped if self._session else 0
        if contacts or too_long:
            with writing(self._desk.db):
                results = decide_upon(self._desk.register, contacts, now)
                undecided = [result for result in results if isinstance(result, Undecided)]
                new = sum(isinstance(result, Verdict) and result.is_new for result in results)
                repeated, rejected = len(results) - new - len(undecided), too_long + len(undecided)
                intake_sources.count(self._desk.db, SOURCE, now, decided=new, repeated=repeated, rejected=rejected)
            for result in undecided:
                _log.error("ami: a contact %s", result.reason)
        if self._session:
            self._session.frames.skipped = 0
        if lost := self._calls.let_go(at):
            _log.warning("ami: %d calls are not counted: only a part of them was seen", lost)

    def _say(self, state: SourceState, now: datetime) -> None:
        if state is not self._state:
            intake_sources.set_state(self._desk.db, SOURCE, state, now)
            self._state = state


def own_of(settings: Settings) -> Own:
    """What is our own among the numbers and telephones that Asterisk names."""
    caller_id = read_number(settings.sip.caller_id).e164 if settings.sip else None
    return Own(NumberGuard.of(settings).own, caller_id)
