"""Who calls us: a citizen who rings back, one whom the PBX puts through, or somebody who asks who we are."""

import logging
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from appliance.custody.sealing import hash_number, seal_number
from appliance.dialer.dialer import LEASE
from appliance.numbers import NumberKind, read_number
from appliance.settings import SipSettings
from appliance.store import callers, contacts, writing
from appliance.store.interviews import Lease, NewInterview
from appliance.survey.dialogue import begin
from appliance.survey.events import Entry
from appliance.survey.questionnaire import Questionnaire
from appliance.survey.state import State
from appliance.telephony._api import CallEvent, CallHandle, Connected, Disconnected, Incoming, Phone
from appliance.telephony.desk import Desk
from appliance.telephony.journal import InterviewJournal, Journal, StrangerJournal
from appliance.telephony.repertoire import Repertoire
from appliance.telephony.session import Session
from appliance.types import E164, ContactId, Direction, DrawReason, EndedContact, NumberHash

_TEMPORARILY_UNAVAILABLE: Final = 480
_BUSY_HERE: Final = 486
_LOOP_DETECTED: Final = 482
_SOURCE: Final = "survey-extension"

_log = logging.getLogger(__name__)


class Reception:
    """Lets a call ring for `patience_seconds`, answers it, and finds out what it is about once the caller is there.

    A PBX may ring all lines at a time: each has another patience, so that one answers and the others are called off.
    Nothing is written down before that.
    """

    def __init__(
        self, line: str, sip: SipSettings, phone: Phone, repertoire: Repertoire, desk: Desk,
        patience_seconds: float | None,
    ) -> None:  # fmt: skip
        """Without patience every call is turned away."""
        self._line = line
        self._sip = sip
        self._phone = phone
        self._repertoire = repertoire
        self._desk = desk
        self._takes_calls = self._is_open = patience_seconds is not None
        self._patience_seconds = patience_seconds or 0.0
        self._own = read_number(sip.caller_id).e164
        self._ringing: dict[CallHandle, float] = {}
        self._callers: dict[CallHandle, Incoming] = {}

    def handle(self, event: CallEvent, now: float) -> Session | None:
        """The session of a call that is now connected; None for all that happens before."""
        match event:
            case Incoming():
                self._arrived(event, now)
            case Connected(call):
                if caller := self._callers.pop(call, None):
                    return self._begin(caller, now)
                self._phone.hang_up(call)
            case Disconnected(call):
                self._ringing.pop(call, None)
                self._callers.pop(call, None)
        return None

    def tick(self, now: float) -> None:
        """Answer the calls that have rung long enough."""
        for call in [call for call, answer_at in self._ringing.items() if now >= answer_at]:
            del self._ringing[call]
            self._phone.answer(call)

    def open(self) -> None:
        """Take calls again after a `close`, where calls are taken at all."""
        self._is_open = self._takes_calls

    def close(self) -> None:
        """Take no calls from now on: those that ring are turned away, and those just answered are hung up."""
        self._is_open = False
        for call in self._callers:
            if call in self._ringing:
                self._phone.reject(call, _TEMPORARILY_UNAVAILABLE)
            else:
                self._phone.hang_up(call)
        self._ringing.clear()
        self._callers.clear()

    def _arrived(self, event: Incoming, now: float) -> None:
        """Let it ring, or turn it away: our own calls, and those whom we are just ringing ourselves."""
        numbers = _numbers(event.callers)
        if not self._is_open:
            self._phone.reject(event.call, _TEMPORARILY_UNAVAILABLE)
        elif self._own is not None and numbers[:1] == [self._own]:
            self._phone.reject(event.call, _LOOP_DETECTED)
        elif not self._is_transfer(event) and any(map(self._is_live, numbers)):
            self._phone.reject(event.call, _BUSY_HERE)
        else:
            self._callers[event.call] = event
            self._ringing[event.call] = now + self._patience_seconds
            self._phone.ring(event.call)

    def _is_live(self, number: E164) -> bool:
        return callers.is_live(self._desk.db, hash_number(self._desk.keys, number))

    def _is_transfer(self, caller: Incoming) -> bool:
        return bool(self._sip.survey_extension) and caller.asked == self._sip.survey_extension

    def _begin(self, caller: Incoming, now: float) -> Session:
        if self._is_transfer(caller):
            number = self._put_through(caller)
            lease = (self._waiting(number) if number else None) or self._admit(number)
            return self._interview(caller.call, lease, Entry.TRANSFERRED, now)
        number = self._citizen(caller.callers)
        if number and (unfinished := self._unfinished(number)):
            return self._interview(caller.call, unfinished, Entry.CALLED_BACK, now)
        return self._stranger(caller, number, now)

    def _citizen(self, written: tuple[str, ...]) -> E164 | None:
        return next((number for number in _numbers(written) if number != self._own), None)

    def _put_through(self, caller: Incoming) -> E164 | None:
        """The citizen's number; where an internal telephone calls, that of whom it calls for."""
        if number := self._citizen(caller.callers):
            return number
        is_internal = any(read_number(written).kind is NumberKind.INTERNAL for written in caller.callers)
        return self._citizen(caller.passed_on_for) if is_internal else None

    def _interview(self, call: CallHandle, lease: Lease, entry: Entry, now: float) -> Session:
        questionnaire = self._desk.questionnaire_of(lease, self._repertoire)
        state = begin(questionnaire, self._desk.answered_before(lease), entry, self._desk.dialer.later_choices(lease))
        return self._session(call, InterviewJournal(self._desk, lease), state, questionnaire, now)

    def _stranger(self, caller: Incoming, number: E164 | None, now: float) -> Session:
        """One whose number is foreign, or an internal telephone's, is told the same: we never ring such a number."""
        number_hash = hash_number(self._desk.keys, number) if number else None
        ordinary = self._repertoire.ordinary
        state = begin(ordinary, entry=Entry.STRANGER if caller.callers else Entry.HIDDEN)
        return self._session(caller.call, StrangerJournal(self._desk, number_hash), state, ordinary, now)

    def _unfinished(self, number: E164) -> Lease | None:
        """The interview that waits for who rings back, or has been left unfinished not long ago."""
        latest = timedelta(hours=self._desk.settings.dialer.latest_hours)
        return self._take(number, unfinished_since=self._desk.now() - latest)

    def _waiting(self, number: E164) -> Lease | None:
        """Only one that waits: the number of who is put through may be the queue's."""
        return self._take(number, unfinished_since=None)

    def _take(self, number: E164, unfinished_since: datetime | None) -> Lease | None:
        now, keys = self._desk.now(), self._desk.keys
        sealed = seal_number(keys, number)
        until = now + LEASE
        return callers.take(self._desk.db, self._line, hash_number(keys, number), sealed, now, until, unfinished_since)

    def _admit(self, number: E164 | None) -> Lease:
        """A contact and an interview for a citizen who is put through; one who hides the number gets a hash of none."""
        desk, now = self._desk, self._desk.now()
        number_hash = hash_number(desk.keys, number) if number else NumberHash(secrets.token_bytes(32))
        sealed = seal_number(desk.keys, number) if number else b""
        latest = now + timedelta(hours=desk.settings.dialer.latest_hours)
        contact = EndedContact(_SOURCE, secrets.token_hex(8), now, number, "", 0, 0, Direction.INBOUND, answered=True)
        with writing(desk.db):
            contact_id = contacts.add(desk.db, contact, number_hash, DrawReason.TRANSFERRED, now) or ContactId(0)
            new = NewInterview(contact_id, desk.settings.survey.language, number_hash, sealed, now, latest)
            return callers.take_new(desk.db, self._line, new, now, now + LEASE)

    def _session(
        self, call: CallHandle, journal: Journal, state: State, questionnaire: Questionnaire, now: float
    ) -> Session:
        _log.info("%s: a caller is received: %s", self._line, state.entry)
        atlas, ring_seconds = self._repertoire.atlas_for(questionnaire), self._desk.settings.dialer.ring_seconds
        return Session(call, journal, state, self._phone, atlas, ring_seconds, now)


def _numbers(written: Iterable[str]) -> list[E164]:
    """The telephone numbers among what the PBX has written, best first."""
    return [number for each in written if (number := read_number(each).e164) is not None]
