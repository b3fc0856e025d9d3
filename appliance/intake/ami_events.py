"""What Asterisk's events say of calls that have ended. Pure: events in, contacts out.

A call is told when its caller has hung up, never before: a caller who is put through leaves one queue's agent long
before the call is over, and only at its end is it known through which queues it went. So nothing depends on the order
in which Asterisk sends the last queue event and the call detail records. The agent's name goes no further than this.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from appliance.intake.ami_cdr import Cdr, endpoint_of, read_cdr, seconds
from appliance.intake.ami_message import Message
from appliance.numbers import read_number
from appliance.types import Direction, EndedContact

SOURCE: Final = "ami"
EVENTS: Final = ("AgentComplete", "QueueCallerAbandon", "QueueCallerLeave", "AttendedTransfer", "Hangup", "Cdr")

_GRACE_SECONDS: Final = 2.0
"""What belongs to one hang-up comes within this."""
_LONGEST_SECONDS: Final = 12 * 3600.0
_MAX_CALLS: Final = 20_000
_MAX_LEGS: Final = 100
_MAX_NAME: Final = 200
_STARTED: Final = re.compile(r"(?:.*-)?(\d{9,11})\.\d+")
"""Asterisk's ids: an optional name of the system, the second that the channel was made in, and a serial number."""


@dataclass(frozen=True, slots=True)
class Own:
    """What of all calls is our own."""

    names: frozenset[str]
    """Numbers and SIP users."""
    number: str | None
    """The one that we show."""

    def holds(self, *written: str) -> bool:
        return any(each in self.names or read_number(each).e164 in self.names for each in written)


@dataclass(slots=True)
class _Visit:
    """A caller in a queue."""

    caller: str
    """The caller's channel, by its unique id."""
    queue: str
    number: str
    is_own: bool
    wait_seconds: int = 0
    talk_seconds: int = 0
    answered: bool = False
    is_told: bool = False
    """An agent or the caller has ended it; otherwise the queue has only been left."""


@dataclass(slots=True)
class _Call:
    linked_id: str
    is_partly_seen: bool
    """It was under way before we listened: which queues it has been in is not known."""
    seen_at: float
    ended_at: datetime
    visits: list[_Visit] = field(default_factory=list)
    cdrs: list[Cdr] = field(default_factory=list)
    here: set[str] = field(default_factory=set)
    """Callers' channels that have been seen in the call."""
    gone: set[str] = field(default_factory=set)
    """Callers' channels that have been hung up."""
    given_up: set[str] = field(default_factory=set)
    """Those that left a queue unanswered: they hung up, or were waited out and are on their way to the next one."""
    hidden: set[str] = field(default_factory=set)
    """Callers' channels whose number is not to be shown."""

    @property
    def is_open(self) -> bool:
        return not self.here <= self.gone | self.given_up


class Calls:
    """The calls that are under way or just over; `since` is the second, by Asterisk's clock, that we listen from."""

    def __init__(self, own: Own, since: float = 0) -> None:
        self._own = own
        self._since = int(since)
        self._calls: dict[str, _Call] = {}

    def renewed(self, since: float) -> "Calls":
        """After a gap in which nobody listened: only the calls that were over before it are still known."""
        renewed = Calls(self._own, since)
        renewed._calls = {name: call for name, call in self._calls.items() if not call.is_open}
        return renewed

    def see(self, event: Message, now: datetime, at: float) -> None:
        """Take in one event, at `at` seconds of a clock that never jumps."""
        match event.get("event"):
            case "AgentComplete" | "QueueCallerAbandon" | "QueueCallerLeave" as kind:
                self._visit(kind, event, now, at)
            case "Hangup" if event.get("uniqueid"):
                call = self._call(event.get("linkedid") or event["uniqueid"], now, at)
                self._note_hidden(call, event)
                self._note_gone(call, event["uniqueid"])
            case "AttendedTransfer":
                self._join({value for key, value in event.items() if key.endswith("linkedid") and value}, now, at)
            case "Cdr" if event.get("uniqueid"):
                call = self._call(event.get("linkedid") or event["uniqueid"], now, at)
                if len(call.cdrs) < _MAX_LEGS:
                    call.cdrs.append(read_cdr(event))
                    call.gone.add(call.cdrs[-1].caller)

    def over(self, at: float) -> list[EndedContact]:
        """The contacts of every call that is over; the same again until `let_go`."""
        return [contact for call in self._over(at) for contact in self._contacts(call)]

    def let_go(self, at: float) -> int:
        """What `over` gave for this moment is on record. How many calls are not told: begin or end was not seen."""
        over = self._over(at)
        gone = {id(call) for call in over}
        self._calls = {name: call for name, call in self._calls.items() if id(call) not in gone}
        stale = {name for name, call in self._calls.items() if at - call.seen_at > _LONGEST_SECONDS}
        stale.update(list(self._calls)[: max(0, len(self._calls) - _MAX_CALLS)])
        for name in stale:
            del self._calls[name]
        return len(stale) + sum(call.is_partly_seen and bool(call.visits or call.cdrs) for call in over)

    def _over(self, at: float) -> list[_Call]:
        unique = {id(call): call for call in self._calls.values()}
        return [call for call in unique.values() if not call.is_open and at - call.seen_at >= _GRACE_SECONDS]

    def _call(self, linked_id: str, now: datetime, at: float) -> _Call:
        linked_id = linked_id[:_MAX_NAME]
        if linked_id not in self._calls:
            started = _STARTED.fullmatch(linked_id)
            is_partly_seen = started is not None and int(started[1]) < self._since
            self._calls[linked_id] = _Call(linked_id, is_partly_seen, at, now)
        call = self._calls[linked_id]
        call.seen_at, call.ended_at = at, now
        return call

    def _join(self, linked_ids: set[str], now: datetime, at: float) -> None:
        """One call from here on, whose parts were calls of their own: an agent has asked before putting through."""
        calls = [self._call(each, now, at) for each in sorted(linked_ids)]
        for first, other in zip(calls[:1] * len(calls), calls, strict=True):
            if other is not first:
                first.visits += other.visits
                first.cdrs += other.cdrs
                first.here |= other.here
                first.gone |= other.gone
                first.given_up |= other.given_up
                first.hidden |= other.hidden
                first.is_partly_seen |= other.is_partly_seen
                self._calls.update({name: first for name, call in self._calls.items() if call is other})

    def _visit(self, kind: str, event: Message, now: datetime, at: float) -> None:
        caller, queue = event.get("uniqueid", "")[:_MAX_NAME], event.get("queue", "")[:_MAX_NAME]
        if not caller:
            return
        call = self._call(event.get("linkedid") or caller, now, at)
        self._note_hidden(call, event)
        visit = next((each for each in reversed(call.visits) if (each.caller, each.queue) == (caller, queue)), None)
        if kind == "QueueCallerLeave" and visit and visit.is_told and not visit.answered:
            return  # who gives up in a queue leaves it, too
        if visit is None or visit.is_told:
            number = event.get("calleridnum", "")[:_MAX_NAME]
            visit = _Visit(caller, queue, number, self._own.holds(number, endpoint_of(event.get("channel", ""))))
            if len(call.visits) >= _MAX_LEGS:
                return
            call.visits.append(visit)
        call.here.add(caller)
        call.given_up.discard(caller)
        if kind == "QueueCallerLeave":
            return
        visit.is_told, visit.answered = True, kind == "AgentComplete"
        visit.wait_seconds, visit.talk_seconds = seconds(event.get("holdtime")), seconds(event.get("talktime"))
        if not visit.answered:
            call.given_up.add(caller)
        elif event.get("reason", "").lower() == "caller":
            call.gone.add(caller)  # of all others the call may go on elsewhere

    @staticmethod
    def _note_gone(call: _Call, channel: str) -> None:
        """Agents' telephones come and go; only callers matter."""
        if channel == call.linked_id or channel in call.here:
            call.gone.add(channel)

    @staticmethod
    def _note_hidden(call: _Call, event: Message) -> None:
        if event.get("chanvariable callerid(num-pres)", "").startswith("prohib") and len(call.hidden) < _MAX_LEGS:
            call.hidden.add(event.get("uniqueid", ""))

    def _contacts(self, call: _Call) -> Iterator[EndedContact]:
        if call.is_partly_seen:
            return
        for number, visit in enumerate(call.visits):
            yield self._of_visit(call, visit, f"/{number + 1}" if number else "")
        cdrs = [cdr for cdr in call.cdrs if not _is_told(cdr, call.visits)]
        answered = [cdr for cdr in cdrs if cdr.answered]
        for cdr in answered or ([] if call.visits else cdrs[:1]):
            yield self._of_cdr(call, cdr)

    def _of_visit(self, call: _Call, visit: _Visit, suffix: str) -> EndedContact:
        return EndedContact(
            source=SOURCE,
            source_call_id=f"{visit.caller}/{visit.queue}{suffix}{'' if visit.answered else '/left'}",
            ended_at=call.ended_at,
            number=self._own.number if visit.is_own else None if visit.caller in call.hidden else visit.number,
            queue=visit.queue,
            wait_seconds=visit.wait_seconds,
            talk_seconds=visit.talk_seconds,
            direction=Direction.OUTBOUND if visit.is_own else Direction.INBOUND,
            answered=visit.answered,
            linked_id=call.linked_id,
        )

    def _of_cdr(self, call: _Call, cdr: Cdr) -> EndedContact:
        is_own = self._own.holds(cdr.number, cdr.endpoint)
        return EndedContact(
            source=SOURCE,
            source_call_id=f"{cdr.caller}/{cdr.serial}",
            ended_at=call.ended_at,
            number=self._own.number if is_own else None if cdr.caller in call.hidden else cdr.number,
            queue=cdr.queue,
            wait_seconds=cdr.wait_seconds,
            talk_seconds=cdr.talk_seconds,
            direction=Direction.OUTBOUND if is_own else cdr.direction,
            answered=cdr.answered,
            linked_id=call.linked_id,
        )


def _is_told(cdr: Cdr, visits: list[_Visit]) -> bool:
    """A queue's event has told what this record tells again."""
    return any((visit.caller, visit.queue) == (cdr.caller, cdr.queue) for visit in visits)
