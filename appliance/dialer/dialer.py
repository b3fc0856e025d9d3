"""One line's view of the queue: what to ring next, and what becomes of it afterwards."""

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from appliance.calling_time import is_open, never_closes
from appliance.dialer.later import choices, moment
from appliance.dialer.retry import next_try, retry_delay
from appliance.dialer.trunk_watch import judge
from appliance.settings import Settings
from appliance.store import Database, callers, interviews, left_behind, opt_outs, promises, trunk, withdrawals, writing
from appliance.store.interviews import Lease
from appliance.store.left_behind import Abandoned
from appliance.store.limits import Limits
from appliance.store.timekeeping import HouseClock, Trust
from appliance.types import E164, InterviewId, LaterTime, Outcome

LEASE: Final = timedelta(seconds=60)
_JITTER_SECONDS: Final = 30.0
_LEADING_CHARACTERS: Final = 5
"""+4670, +4631: the operator's or the town's, of many thousands."""
_PROMISE_STANDS: Final = timedelta(hours=4)
"""After the moment promised; a box that was away that long does not ring any more."""


def limits_of(settings: Settings) -> Limits:
    """What the trunk carries and how fast calls may follow each other, over all processes."""
    sip = settings.sip
    limits = Limits(calls_per_minute=settings.dialer.calls_per_minute)
    return replace(limits, trunk_calls=sip.trunk_calls or sip.processes * sip.calls_per_process) if sip else limits


class Dialer:
    """Leases due interviews for one line. `only` is rung at once, whatever the hour."""

    def __init__(
        self, db: Database, settings: Settings, line: str, only: InterviewId | None = None,
        clock: HouseClock | None = None,
    ) -> None:  # fmt: skip
        self._db = db
        self._settings = settings.dialer
        self._zone = ZoneInfo(settings.municipality.time_zone)
        self._limits = limits_of(settings)
        self._line = line
        self.only = only
        self.clock = clock or HouseClock(db)
        self._jitter: Callable[[float, float], float] = random.uniform

    def next_call(self, now: datetime) -> Lease | None:
        """Take the next interview to ring; None outside the hours, by a doubtful clock, or where nothing is due."""
        if self.only is None:
            trust = self.clock.mind()
            if not interviews.any_due(self._db, now):
                return None
            if trust is Trust.KEPT:
                interviews.expire(self._db, now)
            elif not never_closes(self._settings):
                return None
            if not is_open(now, self._settings, self._zone):
                return None
        lease = interviews.lease_due(self._db, self._line, now, now + LEASE, self.only, self._limits)
        if lease and opt_outs.contains(self._db, lease.number_hash):
            self.never_dialled(lease, Outcome.OPTED_OUT, now)
            return None
        return lease

    def never_dialled(self, lease: Lease, outcome: Outcome, now: datetime) -> None:
        """The number must not be rung: the interview is over, and nothing is learned of the trunk."""
        with writing(self._db):
            if interviews.end_attempt(self._db, lease.attempt_id, outcome, None, now):
                interviews.close(self._db, lease.interview_id, outcome, now)
                trunk.end_probe(self._db, lease.attempt_id, now)

    def dials(self, lease: Lease, number: E164) -> None:
        """Keep how the number begins that is rung now: a PBX may let out only some kinds; an extension has none."""
        if number.startswith("+"):
            trunk.note_leading(self._db, lease.attempt_id, number[:_LEADING_CHARACTERS])

    def rang(self, lease: Lease, now: datetime) -> None:
        """The phone rings: the attempt counts, and the trunk works."""
        with writing(self._db):
            interviews.has_rung(self._db, lease, now)
            trunk.note_success(self._db, lease.attempt_id)

    def called_off(self, lease: Lease, now: datetime) -> None:
        """We ended it before any phone rang: no try is used, nothing is learned of the trunk, it is due as before."""
        with writing(self._db):
            if interviews.end_attempt(self._db, lease.attempt_id, None, None, now):
                trunk.end_probe(self._db, lease.attempt_id, now)
                if self.only == lease.interview_id or withdrawals.is_withdrawn(self._db, lease.interview_id):
                    interviews.give_up(self._db, lease.interview_id, now)
                else:
                    interviews.requeue(self._db, lease.interview_id)

    def keep_leases(self, live: Sequence[InterviewId], now: datetime) -> None:
        """Say which interviews this line still holds; the others are cleared up when their leases run out."""
        interviews.renew_leases(self._db, self._line, live, now + LEASE)

    def abandoned(self, now: datetime, *, starting: bool = True) -> list[Abandoned]:
        """Live interviews that a line long silent has left behind, or this line before it was started again.

        By a clock in doubt none: it would say that every lease has run out, and when to ring again.
        """
        if self.clock.mind() is Trust.DOUBTED:
            return []
        return left_behind.abandoned(self._db, now, self._line if starting else None)

    def take_over(self, left: Abandoned, now: datetime, *, starting: bool) -> bool:
        """Whether it is now ours to clear up, and no other line's."""
        return left_behind.take_over(self._db, left.interview_id, self._line, now, now + LEASE, starting=starting)

    def later_choices(self, lease: Lease) -> tuple[LaterTime, ...]:
        """The times to offer to who does not want to talk; none in staff's call, a withdrawn one or by doubt."""
        if self.only is not None or withdrawals.is_withdrawn(self._db, lease.interview_id):
            return ()
        if self.clock.trust() is Trust.DOUBTED:
            return ()
        return choices(interviews.begun_at(self._db, lease.attempt_id), self._settings, self._zone)

    def promise(self, lease: Lease, when: LaterTime | None) -> None:
        """Write down when to ring instead, one of `later_choices` or None for any time: it outlives call and line.

        Any time by a clock in doubt is none: nobody knows when that would be.
        """
        if when is None and self.clock.trust() is Trust.DOUBTED:
            return
        begun_at = interviews.begun_at(self._db, lease.attempt_id)
        due_at = moment(when, begun_at, self._settings, self._zone)
        promises.give(self._db, lease.interview_id, due_at, due_at + _PROMISE_STANDS)

    def ended(self, attempt: Lease | Abandoned, outcome: Outcome, sip_status: int | None, now: datetime) -> None:
        """Record how an attempt ended; ring again, as promised or by rule, or let the interview be over."""
        with writing(self._db):
            if not interviews.end_attempt(self._db, attempt.attempt_id, outcome, sip_status, now):
                return
            meant = judge(self._db, attempt, outcome, sip_status, now) if isinstance(attempt, Lease) else outcome
            due_at = self._due_again(attempt, meant, now)
            if due_at is None:
                interviews.close(self._db, attempt.interview_id, outcome, now)
            else:
                interviews.requeue(self._db, attempt.interview_id, due_at)

    def _due_again(self, attempt: Lease | Abandoned, outcome: Outcome, now: datetime) -> datetime | None:
        """The moment promised, however often it has rung; else the next try that the rules allow; None: no more."""
        if self.only == attempt.interview_id or withdrawals.is_withdrawn(self._db, attempt.interview_id):
            return None
        if promised := promises.given_in(self._db, attempt.attempt_id):
            return promised
        if attempt.is_inbound:
            return self._due_before(attempt, outcome)
        rings, attempts = interviews.tries_of(self._db, attempt.interview_id)
        delay = retry_delay(outcome, rings, attempts, self._settings)
        if delay is None:
            return None
        delay += timedelta(seconds=self._jitter(0, _JITTER_SECONDS))
        latest_at = interviews.latest_at(self._db, attempt.interview_id)
        return next_try(outcome, now, delay, latest_at, self._settings, self._zone)

    def _due_before(self, attempt: Lease | Abandoned, outcome: Outcome) -> datetime | None:
        """Who calls us is not rung for it: only where the call died unanswered is all as it was before."""
        died = isinstance(attempt, Abandoned) and attempt.answered_at is None and outcome is not Outcome.OPTED_OUT
        return callers.was_due_at(self._db, attempt.attempt_id) if died else None
