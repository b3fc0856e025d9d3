"""Three lines, staff, callers and a trunk that comes and goes, in any order, on a real store."""

import os
import tempfile
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from due_calls import OPEN
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, multiple, rule
from made_up import MadeUp

from appliance.custody.sealing import hash_number, seal_number
from appliance.dialer.dialer import LEASE, Dialer
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.settings import Settings
from appliance.store import callers, dialing, interviews, limits, processes, trunk
from appliance.store.dialing import DialingState
from appliance.store.interviews import Lease, NewInterview
from appliance.types import E164, DrawReason, InterviewId, Language, Outcome

TRUNK_CALLS: Final = 4
CALLS_PER_MINUTE: Final = 6
LINES: Final = 3
NUMBERS: Final = FICTIONAL_NUMBERS[:7]
SETTINGS: Final = Settings.model_validate(
    {
        "sip": {"registrar": "sip:192.0.2.5", "trunk_calls": TRUNK_CALLS},
        "dialer": {"calls_per_minute": CALLS_PER_MINUTE, "hours": {"mon-sun": "00:00-24:00"}, "holidays": True},
    }
)
ENDS: Final = {
    Outcome.COMPLETED: 200,
    Outcome.BUSY: 486,
    Outcome.NO_ANSWER: 480,
    Outcome.BAD_NUMBER: 404,
    Outcome.TRUNK_FAULT: 503,
}
REACHED: Final = {Outcome.COMPLETED, Outcome.BUSY, Outcome.NO_ANSWER}


class Call:
    """One live call as the test sees it."""

    def __init__(self, number: E164, lease: Lease, line: Dialer, *, is_ours: bool) -> None:
        self.number = number
        self.lease = lease
        self.line = line
        self.is_ours = is_ours
        self.rang = False


class Box(RuleBasedStateMachine):
    calls: Bundle[Call] = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.box = MadeUp(Path(self.folder.name))
        self.box.db.execute("PRAGMA synchronous = OFF")  # no power cut is meant here
        self.now = OPEN
        self.lines = [Dialer(self.box.db, SETTINGS, f"line-{n}") for n in range(LINES)]
        self.live: list[Call] = []
        self.others = [0] * LINES
        self.number_of: dict[InterviewId, E164] = {}
        self.begun: list[datetime] = []
        self.rested: dict[E164, tuple[datetime, InterviewId]] = {}
        self.faulty = False
        self.tried_at: datetime | None = None
        self.state = DialingState.RUNNING
        self.refusals: dict[InterviewId, bool] = {}
        """Called bad; True once some call has got through afterwards."""

    @initialize()
    def begin(self) -> None:
        for number in range(LINES):
            processes.begin(self.box.db, f"line-{number}", os.getpid(), self.now)

    def teardown(self) -> None:
        self.box.db.close()
        self.folder.cleanup()

    @rule(seconds=st.integers(0, 70) | st.sampled_from([1, 120, 600, 3_600]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        for number, line in enumerate(self.lines):
            processes.beat(self.box.db, f"line-{number}", "", self.now)
            line.keep_leases([call.lease.interview_id for call in self.live if call.line is line], self.now)

    @rule(number=st.sampled_from(NUMBERS))
    def a_contact_is_drawn(self, number: E164) -> None:
        self.queue(number)

    @rule(state=st.sampled_from([DialingState.RUNNING, *DialingState]))
    def staff_decide(self, state: DialingState) -> None:
        dialing.change(self.box.db, state, "anna", self.now)
        self.state = state

    @rule(target=calls, line=st.integers(0, LINES - 1))
    def a_line_dials(self, line: int) -> object:
        lease = self.lines[line].next_call(self.now)
        if lease is None:
            return multiple()
        assert self.state is DialingState.RUNNING
        self.may_begin(lease)
        self.keeps_the_pace()
        assert self.rest_is_over(lease), "the citizen has just put the receiver down"
        if self.faulty:
            since = self.tried_at and self.now - self.tried_at
            assert since is None or since >= timedelta(minutes=2), "one call tries a trunk at fault"
            self.tried_at = self.now
        return self.begins(lease, self.lines[line], is_ours=True)

    @rule(target=calls, number=st.sampled_from(NUMBERS))
    def staff_dial(self, number: E164) -> object:
        interview_id = self.queue(number)
        line = Dialer(self.box.db, SETTINGS, "dial", only=interview_id)
        lease = line.next_call(self.now)
        if lease is None:
            interviews.give_up(self.box.db, interview_id, self.now)
            return multiple()
        assert self.state is not DialingState.STOPPED
        self.may_begin(lease)
        self.tried_at = self.now if self.faulty else self.tried_at
        return self.begins(lease, line, is_ours=True)

    @rule(target=calls, number=st.sampled_from(NUMBERS), line=st.integers(0, LINES - 1))
    def a_citizen_rings_back(self, number: E164, line: int) -> object:
        number_hash, sealed = hash_number(self.box.keys, number), seal_number(self.box.keys, number)
        if callers.is_live(self.box.db, number_hash):
            return multiple()
        since = self.now - timedelta(days=2)
        lease = callers.take(
            self.box.db, f"line-{line}", number_hash, sealed, self.now, self.now + LEASE, since
        )  # fmt: skip
        return self.begins(lease, self.lines[line], is_ours=False) if lease else multiple()

    @rule(line=st.integers(0, LINES - 1), calls=st.integers(0, 2))
    def strangers_call(self, line: int, calls: int) -> None:
        processes.hold(self.box.db, f"line-{line}", calls)
        self.others[line] = calls

    @rule(call=calls)
    def a_phone_rings(self, call: Call) -> None:
        if call in self.live and not call.rang:
            call.line.rang(call.lease, self.now)
            self.reached(call)

    @rule(call=consumes(calls), outcome=st.sampled_from(list(ENDS)))
    def a_call_ends(self, call: Call, outcome: Outcome) -> None:
        if call not in self.live:
            return
        if outcome in REACHED and not call.rang:
            call.line.rang(call.lease, self.now)
            self.reached(call)
        was_proved = self.refusals.get(call.lease.interview_id, False)
        call.line.ended(call.lease, outcome, ENDS[outcome], self.now)
        self.live.remove(call)
        if call.rang:
            self.rested[call.number] = (self.now, call.lease.interview_id)
        self.judged(call, outcome, was_proved)

    @rule(call=calls)
    def a_call_is_called_off(self, call: Call) -> None:
        """As a stop does with one that has not rung: nothing is lost by it, and nothing learned."""
        if call not in self.live or call.rang or not call.is_ours:
            return
        rings = interviews.rings_of(self.box.db, call.lease.interview_id)
        call.line.called_off(call.lease, self.now)
        self.live.remove(call)
        ends = ("expired", None) if call.line.only else ("queued", None)
        assert interviews.outcome_of(self.box.db, call.lease.interview_id) == ends
        assert interviews.rings_of(self.box.db, call.lease.interview_id) == rings
        if self.faulty:
            self.tried_at = None

    @invariant()
    def no_number_is_in_two_calls(self) -> None:
        numbers = Counter(call.number for call in self.live)
        assert max(numbers.values(), default=0) <= 1
        assert len(self.live) == interviews.count_by_state(self.box.db).get("live", 0)

    @invariant()
    def the_store_counts_as_we_do(self) -> None:
        assert limits.live_calls(self.box.db, self.now) == len(self.live) + sum(self.others)
        assert (trunk.fault(self.box.db) is not None) == self.faulty

    def queue(self, number: E164) -> InterviewId:
        contact_id = self.box.contact(self.now, DrawReason.QUEUED)
        number_hash, sealed = hash_number(self.box.keys, number), seal_number(self.box.keys, number)
        latest_at = self.now + timedelta(hours=48)
        new = NewInterview(contact_id, Language.SWEDISH, number_hash, sealed, self.now, latest_at)
        interview_id = interviews.enqueue(self.box.db, new)
        self.number_of[interview_id] = number
        return interview_id

    def may_begin(self, lease: Lease) -> None:
        assert len(self.live) + sum(self.others) < TRUNK_CALLS, "never more calls than the trunk allows"
        assert self.number_of[lease.interview_id] not in {call.number for call in self.live}

    def keeps_the_pace(self) -> None:
        lately = [at for at in self.begun if self.now - at < timedelta(minutes=1)]
        assert len(lately) < CALLS_PER_MINUTE
        assert sum(self.now - at < timedelta(seconds=1) for at in lately) < 1

    def rest_is_over(self, lease: Lease) -> bool:
        ended_at, by = self.rested.get(self.number_of[lease.interview_id], (OPEN - timedelta(days=1), None))
        return by == lease.interview_id or self.now - ended_at > timedelta(minutes=10)

    def begins(self, lease: Lease, line: Dialer, *, is_ours: bool) -> Call:
        call = Call(self.number_of[lease.interview_id], lease, line, is_ours=is_ours)
        self.live.append(call)
        if is_ours:
            self.begun.append(self.now)
        return call

    def reached(self, call: Call) -> None:
        call.rang = True
        if call.is_ours:
            self.faulty, self.tried_at = False, None
            self.refusals = dict.fromkeys(self.refusals, True)

    def judged(self, call: Call, outcome: Outcome, was_proved: bool) -> None:
        """Whom the trunk refused is not lost, unless refused before and the trunk proved well since."""
        state, found = interviews.outcome_of(self.box.db, call.lease.interview_id)
        if call.rang or not call.is_ours:
            return
        if outcome is Outcome.BAD_NUMBER:
            by_staff = call.line.only is not None
            assert state == "queued" or found is Outcome.BAD_NUMBER
            assert (state == "over") <= (by_staff or (was_proved and not self.faulty))
            self.refusals.setdefault(call.lease.interview_id, False)
        if outcome is Outcome.TRUNK_FAULT:
            assert (state == "queued") == (call.line.only is None)
        self.faulty = trunk.fault(self.box.db) is not None
        assert self.faulty or outcome is not Outcome.TRUNK_FAULT
        if self.faulty:
            self.tried_at = None


TestTheLimits = Box.TestCase
TestTheLimits.settings = settings(
    max_examples=40, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck)
)


@pytest.mark.slow
class TestTheLimitsForLong(Box.TestCase):  # type: ignore[misc]  # hypothesis makes it at run time
    settings = settings(
        max_examples=1_000, stateful_step_count=60, deadline=None, suppress_health_check=list(HealthCheck)
    )
