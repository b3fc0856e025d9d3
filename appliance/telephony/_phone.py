"""`Phone` on pjsua2: slots with a player and a tap each, reused call after call."""

import gc
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from appliance.errors import TelephonyError
from appliance.settings import SipSettings
from appliance.telephony._api import (
    CallHandle,
    Connected,
    Disconnected,
    Heard,
    PhoneEvent,
    Played,
    Registered,
    Span,
)
from appliance.telephony._pjsua2 import (
    NATIVE,
    Account,
    Arrived,
    Call,
    MediaHeld,
    MediaReady,
    Player,
    Queue,
    SipError,
    Tap,
    account_config,
    port_of,
    start_endpoint,
)
from appliance.telephony._slot import Slot, unless_over
from appliance.telephony.gate import Gate
from appliance.telephony.media_gate import guard_media
from appliance.telephony.registration import Registration
from appliance.telephony.trusted import Trusted

_CLOSE_SECONDS: Final = 4.0
_BUSY_HERE: Final = 486
_RETIRED_SECONDS: Final = 2.0
"""A player that has been silent for so long may be destroyed; pjsua2.md demands half a second."""

_log = logging.getLogger(__name__)


class SipPhone:
    """At most one in a process, and after `close` never again. TelephonyError where SIP cannot start."""

    def __init__(self, sip: SipSettings, atlas: Path) -> None:
        self._sip = sip
        self._queue: Queue = deque()
        self._calls: dict[CallHandle, Slot] = {}
        self._dead: list[Call] = []
        self._watched_at = 0.0
        self._file: Path | None = None
        self._retired: list[tuple[float, Player]] = []
        self._registration = Registration() if sip.register_ else None
        try:
            self._endpoint, transport = start_endpoint(sip)
            gate = Gate(port_of(self._endpoint, transport))
            self._trusted = Trusted(sip, gate.admit)
            self._account = Account(self._queue, self._trusted)
            self._account.create(account_config(sip, transport))
            calls = min(sip.calls_per_process, NATIVE.call_limit())
            self._slots = [Slot(atlas, Player(atlas), Tap(self._queue, f"tap{number}")) for number in range(calls)]
        except SipError as error:
            where = f"{sip.local_address or 'any address'}:{sip.local_port or 'any port'} ({sip.transport})"
            raise TelephonyError(f"cannot start SIP on {where}: {error.reason}") from error
        if self.max_calls < sip.calls_per_process:
            _log.warning("sip.calls_per_process is %d, this pjsua2 holds %d", sip.calls_per_process, self.max_calls)
        gc.disable()  # a collection at the wrong moment destroys pj objects on the wrong thread

    @property
    def max_calls(self) -> int:
        return len(self._slots)

    @property
    def live_calls(self) -> int:
        return max(len(self._calls), NATIVE.calls_held())

    @property
    def can_dial(self) -> bool:
        return self._can_be_heard() and (self._registration is None or self._registration.is_registered)

    def dial(self, number: str) -> CallHandle:
        slot = self._free_slot()
        if slot is None or self.live_calls >= self.max_calls:
            raise TelephonyError(f"all {self.max_calls} calls of this process are in use")
        call = Call(self._account, self._queue)
        try:
            call.place(self._sip.target_uri(number), self._sip.identity_headers())
        except SipError as error:
            raise TelephonyError(f"cannot place a call: {error.reason}") from error
        return self._occupy(slot, call)

    def ring(self, call: CallHandle) -> None:
        self._respond(call, 180)

    def answer(self, call: CallHandle) -> None:
        self._respond(call, 200)

    def reject(self, call: CallHandle, status: int) -> None:
        self._respond(call, status)

    def play(self, call: CallHandle, spans: Sequence[Span]) -> None:
        if slot := self._calls.get(call):
            slot.play(spans)

    def stop(self, call: CallHandle) -> None:
        if slot := self._calls.get(call):
            slot.silence()

    def load(self, atlas: Path) -> None:
        made: list[Player] = []
        try:
            for _ in self._slots:
                made.append(Player(atlas))  # noqa: PERF401 -- those made before a fault must not be lost
        except SipError as error:
            self._retire(made)
            raise TelephonyError(f"cannot play from {atlas}: {error.reason}") from error
        for slot, player in zip(self._slots, made, strict=True):
            slot.give(atlas, player)
        self._file = atlas

    def press(self, call: CallHandle, key: str) -> None:
        if pj_call := self._live(call):
            unless_over(lambda: pj_call.dialDtmf(key))

    def hang_up(self, call: CallHandle) -> None:
        if pj_call := self._live(call):
            unless_over(pj_call.end)

    def poll(self, timeout_ms: int) -> list[PhoneEvent]:
        now = time.monotonic()
        for handle, slot in self._calls.items():  # first: a key of this turn must not make the next prompt end with it
            if slot.has_played(now):
                self._queue.append(Played(handle))
        if self._registration and self._registration.is_due(now):
            self._register(self._registration, now)
        self._endpoint.libHandleEvents(timeout_ms)
        if now - self._watched_at >= 1:
            self._watched_at = now
            self._watch_media(now)
            self._give_up_files(*self._slots)
            self._retired = [(since, player) for since, player in self._retired if now - since < _RETIRED_SECONDS]
            if not self._calls:
                gc.collect()
        return self._drain()

    def close(self) -> None:
        for handle in list(self._calls):
            self.hang_up(handle)
        self._work_until(lambda: not self._calls, _CLOSE_SECONDS)
        for handle in list(self._calls):
            self._release(handle)
        self._dead.clear()
        unless_over(self._account.shutdown)
        self._work_until(lambda: False, 0.3)
        self._slots.clear()
        self._retired.clear()
        del self._account
        gc.collect()
        self._endpoint.libDestroy()
        del self._endpoint
        gc.enable()

    def _drain(self) -> list[PhoneEvent]:
        events: list[PhoneEvent] = []
        for _ in range(len(self._queue)):
            event = self._queue.popleft()
            if isinstance(event, MediaReady | MediaHeld):
                if slot := self._calls.get(event.call):
                    self._media_ready(slot) if isinstance(event, MediaReady) else slot.media_held()
            elif isinstance(event, Arrived):
                events += self._arrived(event)
            elif not (isinstance(event, Heard) and event.call not in self._calls):
                if isinstance(event, Disconnected):
                    self._release(event.call)
                elif isinstance(event, Connected) and (slot := self._calls.get(event.call)):
                    slot.answered()
                elif isinstance(event, Registered) and self._registration:
                    self._registration.answered(active=event.active, now=time.monotonic())
                events.append(event)
        self._bury()
        return events

    def _media_ready(self, slot: Slot) -> None:
        if call := slot.call:
            unless_over(lambda: guard_media(call, self._trusted.ipv4_networks()))
        slot.media_ready()

    def _register(self, registration: Registration, now: float) -> None:
        registration.asked()
        if not unless_over(lambda: self._account.setRegistration(True)):
            registration.answered(active=False, now=now)

    def _arrived(self, event: Arrived) -> list[PhoneEvent]:
        slot = self._free_slot()
        if slot is None or not self._can_be_heard():
            unless_over(lambda: event.call.respond(_BUSY_HERE))
            return []
        self._occupy(slot, event.call)
        return [event.incoming]

    def _can_be_heard(self) -> bool:
        """Whether the conference has a place for each call: who gets none is connected, and hears nothing."""
        return bool(self._endpoint.mediaMaxPorts() - self._endpoint.mediaActivePorts() >= self.max_calls)

    def _free_slot(self) -> Slot | None:
        return next((slot for slot in self._slots if slot.call is None), None)

    def _live(self, handle: CallHandle) -> Call | None:
        slot = self._calls.get(handle)
        return slot.call if slot else None

    def _occupy(self, slot: Slot, call: Call) -> CallHandle:
        self._give_up_files(slot)
        slot.occupy(call)
        self._calls[call.handle] = slot
        return call.handle

    def _release(self, handle: CallHandle) -> None:
        slot = self._calls.pop(handle, None)
        if slot and (call := slot.vacate()):
            self._dead.append(call)

    def _bury(self) -> None:
        """Drop the calls that have ended: here, where nobody else can get their ids meanwhile.

        An INVITE that came in the same turn as the end of a call may have got its id already. Such a dead call is
        kept until that id is free again: on its destruction it would hang up the live one.
        """
        if self._dead:
            taken = {slot.call.getId() for slot in self._calls.values() if slot.call}
            self._dead = [call for call in self._dead if call.getId() in taken]

    def _respond(self, handle: CallHandle, status: int) -> None:
        if call := self._live(handle):
            unless_over(lambda: call.respond(status))

    def _watch_media(self, now: float) -> None:
        for slot in self._calls.values():
            slot.end_if_deserted(now)

    def _give_up_files(self, *slots: Slot) -> None:
        """A slot without a call keeps the player of the newest file only."""
        if self._file is not None:
            for slot in slots:
                self._retire(slot.give_up(but=self._file))

    def _retire(self, players: Sequence[Player]) -> None:
        self._retired += [(time.monotonic(), player) for player in players]

    def _work_until(self, done: Callable[[], bool], seconds: float) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self._endpoint.libHandleEvents(20)
            self._drain()
