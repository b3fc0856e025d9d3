"""A line: one process with one SIP user agent that leases due interviews and holds up to N calls."""

import logging
import math
import os
import time
from collections.abc import Callable
from typing import Final

from appliance import service
from appliance.errors import CustodyError, NumberError, StoreError, TelephonyError
from appliance.store import dialing, processes, reading, space
from appliance.store.dialing import DialingState
from appliance.survey.dialogue import begin
from appliance.telephony._api import CallEvent, CallHandle, Incoming, Phone, PhoneEvent, Registered
from appliance.telephony.desk import Desk
from appliance.telephony.journal import InterviewJournal
from appliance.telephony.reception import Reception
from appliance.telephony.recovery import recover
from appliance.telephony.renewal import Renewal
from appliance.telephony.repertoire import Repertoire
from appliance.telephony.session import Session
from appliance.types import InterviewId, Outcome

_POLL_MS: Final = 10
_DIAL_EVERY_SECONDS: Final = 0.25
_BEAT_EVERY_SECONDS: Final = 3.0
_TEMPORARILY_UNAVAILABLE: Final = 480

_ROOM: Final = {True: "calls go on: the disk has room again", False: "no new calls: the disk is nearly full"}

_log = logging.getLogger(__name__)


class Line:
    """The loop: let the phone work, tell the sessions, ring the next, beat. One thread, no waiting but `poll`."""

    def __init__(
        self, name: str, phone: Phone, repertoire: Repertoire, desk: Desk, reception: Reception,
        dials_anyway_after_seconds: float = math.inf, renewal: Renewal | None = None,
    ) -> None:  # fmt: skip
        self._name = name
        self._phone = phone
        self._repertoire = repertoire
        self._renewal = renewal
        self._desk = desk
        self._reception = reception
        self._sessions: dict[CallHandle, Session] = {}
        self._dial_at = 0.0
        self._beat_at = 0.0
        self._registration = ""
        self._has_room = True
        self._is_stopped = False
        self._stopped_at = dialing.current(desk.db).stopped_at
        self._dials_anyway_at = time.monotonic() + dials_anyway_after_seconds
        self._other_calls = 0

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Work until told to stop; live calls are then let go with their answers kept."""
        processes.begin(self._desk.db, self._name, os.getpid(), self._desk.now())
        recover(self._desk, self._repertoire.ordinary, starting=True)
        service.ready()
        while not should_stop():
            self.turn()
        service.stopping()
        self._reception.close()
        for call in list(self._sessions):
            self._phone.hang_up(call)
        end = time.monotonic() + 2
        while self._sessions and time.monotonic() < end:
            self._handle(self._phone.poll(_POLL_MS))
        processes.end(self._desk.db, self._name)

    def turn(self) -> None:
        """One turn of the loop."""
        self._handle(self._phone.poll(_POLL_MS))
        now = time.monotonic()
        if now >= self._dial_at:
            self._dial_at = now + _DIAL_EVERY_SECONDS
            self._mind_the_trunk(now)
        if now >= self._beat_at:
            self._beat_at = now + _BEAT_EVERY_SECONDS
            self._beat()

    def _handle(self, events: list[PhoneEvent]) -> None:
        now = time.monotonic()
        for event in events:
            if isinstance(event, Registered):
                self._registered(event)
            elif session := self._sessions.get(event.call) or self._received(event, now):
                self._let(session, lambda s=session, e=event: s.handle(e, now))  # type: ignore[misc]  # bound now
        self._reception.tick(now)
        for call, session in list(self._sessions.items()):
            self._let(session, lambda s=session: s.tick(now))  # type: ignore[misc]  # bound now
            if session.is_over:
                del self._sessions[call]

    def _received(self, event: CallEvent, now: float) -> Session | None:
        """The session that begins with this event of a call that came in; one caller's trouble is nobody else's."""
        if isinstance(event, Incoming) and not self._looks_for_room():
            self._phone.reject(event.call, _TEMPORARILY_UNAVAILABLE)
            return None
        try:
            session = self._reception.handle(event, now)
        except Exception:  # noqa: BLE001 -- whatever it is, the other calls go on
            _log.exception("%s: a caller cannot be received", self._name)
            self._phone.hang_up(event.call)
            return None
        if session:
            self._sessions[session.call] = session
        return session

    def _registered(self, event: Registered) -> None:
        state = "registered" if event.active else f"not registered ({event.status})"
        if state != self._registration:
            self._registration = state
            _log.info("%s: %s", self._name, state)

    def _let(self, session: Session, act: Callable[[], None]) -> None:
        """One call's trouble ends that call, not the others; its lease runs out, and recovery names its outcome."""
        try:
            act()
        except Exception:  # noqa: BLE001 -- whatever it is, the other calls go on
            _log.exception("%s: a call is ended by an error", self._name)
            session.is_over = True
            self._phone.hang_up(session.call)

    def _mind_the_trunk(self, now: float) -> None:
        """Where nothing can be read or written nobody is rung, and live calls go on."""
        try:
            with reading():
                self._obey(now)
                self._tell_others()
                self._dial_next(now)
        except StoreError as error:
            _log.error("%s: %s", self._name, error)

    def _obey(self, now: float) -> None:
        """Where staff have stopped dialing every call comes to its end, and who calls is turned away.

        So it is for the calls of now where the stop has been taken back before we looked.
        """
        staff = dialing.current(self._desk.db)
        is_stopped = staff.state is DialingState.STOPPED
        was_stopped, self._stopped_at = staff.stopped_at != self._stopped_at, staff.stopped_at
        if was_stopped or is_stopped != self._is_stopped:
            self._is_stopped = is_stopped
            _log.warning("%s: staff %s", self._name, "stop all calls" if is_stopped else "let calls be made again")
            self._reception.close()
            if not is_stopped:
                self._reception.open()
        if is_stopped or was_stopped:
            for session in self._sessions.values():
                self._let(session, lambda s=session: s.stop(now))  # type: ignore[misc]  # bound now

    def _dial_next(self, now: float) -> None:
        if self._phone.live_calls >= self._phone.max_calls or not self._may_dial(now):
            return
        lease = self._desk.dialer.next_call(self._desk.now())
        if lease is None:
            return
        try:
            questionnaire = self._desk.questionnaire_of(lease, self._repertoire)
            number = self._desk.number_of(lease)
            self._desk.dialer.dials(lease, number)
            call = self._phone.dial(number)
        except TelephonyError as error:
            _log.warning("%s: %s", self._name, error)
            self._desk.dialer.ended(lease, Outcome.TRUNK_FAULT, None, self._desk.now())
        except (CustodyError, NumberError) as error:
            _log.error("%s: %s", self._name, error)
            self._desk.dialer.never_dialled(lease, Outcome.BAD_NUMBER, self._desk.now())
        else:
            later = self._desk.dialer.later_choices(lease)
            state = begin(questionnaire, self._desk.answered_before(lease), later=later)
            journal = InterviewJournal(self._desk, lease)
            ring_seconds = self._desk.settings.dialer.ring_seconds
            atlas = self._repertoire.atlas_for(questionnaire)
            self._sessions[call] = Session(call, journal, state, self._phone, atlas, ring_seconds, now)

    def _may_dial(self, now: float) -> bool:
        """Not while the PBX does not know us, nor on a disk that is nearly full: the queue waits, no try is spent."""
        return (self._phone.can_dial and self._looks_for_room()) or now >= self._dials_anyway_at

    def _looks_for_room(self) -> bool:
        """Whether there is room on the disk for new calls; the reserve for the answers of live ones is held."""
        storage = self._desk.settings.storage
        has_room = not space.is_short(storage)
        if has_room != self._has_room:
            self._has_room = has_room
            _log.log(logging.WARNING if has_room else logging.ERROR, "%s: %s", self._name, _ROOM[has_room])
        space.hold_reserve(storage.directory)
        return has_room

    def _interviews(self) -> list[InterviewId]:
        return [held for session in self._sessions.values() if (held := session.journal.interview_id) is not None]

    def _tell_others(self) -> None:
        """The other lines know of our interviews; a call without one takes a place on the trunk as well."""
        other_calls = max(0, self._phone.live_calls - len(self._interviews()))
        if other_calls != self._other_calls:
            processes.hold(self._desk.db, self._name, other_calls)
            self._other_calls = other_calls

    def _beat(self) -> None:
        self._looks_for_room()
        parts = [f"{len(self._sessions)} of {self._phone.max_calls} calls", self._registration]
        note = "; ".join(part for part in (*parts, "" if self._has_room else _ROOM[False]) if part)
        try:
            with reading():
                self._write_beat(note)
        except StoreError as error:
            _log.error("%s: %s", self._name, error)
        service.alive(note)

    def _write_beat(self, note: str) -> None:
        if self._renewal:
            self._renewal.look()
        processes.beat(self._desk.db, self._name, note, self._desk.now())
        self._desk.dialer.keep_leases(self._interviews(), self._desk.now())
        recover(self._desk, self._repertoire.ordinary, starting=False)
