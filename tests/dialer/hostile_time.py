"""A whole dialer on a real store, staff, citizens, and a machine whose clock nobody can rely on."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from calendar_by_hand import CLOSED, STOCKHOLM
from machine import Machine
from made_up import MadeUp

from appliance.calling_time import next_open
from appliance.custody.sealing import hash_number, seal_number
from appliance.dialer.dialer import Dialer
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.settings import Settings
from appliance.store import dialing, interviews, left_behind, opt_outs, writing
from appliance.store.dialing import DialingState
from appliance.store.interviews import Lease, NewInterview
from appliance.store.timekeeping import TOLERANCE, HouseClock, Trust
from appliance.types import DrawReason, InterviewId, Language, NumberHash, Outcome

NUMBERS: Final = FICTIONAL_NUMBERS[:4]
M: Final = 3
REST: Final = timedelta(minutes=10)
LATEST: Final = timedelta(hours=48)
LINES: Final = 2
CONFIRMED: Final = timedelta(seconds=30)
"""So wrong may a clock be that staff confirm."""
SLACK: Final = TOLERANCE + 2 * CONFIRMED
"""A clock may be set so far without being doubted."""
TABLES: Final = ("attempts", "interviews", "contacts", "timekeeping", "opt_outs")
STATUS: Final = {Outcome.BUSY: 486, Outcome.NO_ANSWER: 480, Outcome.TRUNK_FAULT: 503}


@dataclass(frozen=True)
class World:
    """When it begins, and the hours: first minute and minute after the last, Monday to Friday and Saturday."""

    begin: datetime
    weekdays: tuple[int, int]
    saturday: tuple[int, int]
    sunday: tuple[int, int]
    holidays: bool

    def settings(self) -> Settings:
        hours = {"mon-fri": _span(self.weekdays), "sat": _span(self.saturday)}
        hours |= {"sun": _span(self.sunday)} if self.sunday != (0, 0) else {}
        own = {"hours": hours, "holidays": self.holidays, "max_attempts": M, "calls_per_minute": 6_000}
        return Settings.model_validate({"dialer": own})

    def is_open(self, moment: datetime) -> bool:
        """By the clock on the citizen's wall, read in the plainest way."""
        here = moment.astimezone(STOCKHOLM)
        if here.date() in CLOSED and not self.holidays:
            return False
        begin, end = (*[self.weekdays] * 5, self.saturday, self.sunday)[here.weekday()]
        return begin <= here.hour * 60 + here.minute < end


def _span(minutes: tuple[int, int]) -> str:
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in minutes)


@dataclass
class _Call:
    lease: Lease
    line: Dialer
    rang: bool


class Town:
    """One example: everything that is known here is known by the true time."""

    def __init__(self, made: MadeUp, world: World, new_off: timedelta = timedelta(0)) -> None:
        """`new_off`: by how much the clock is wrong when the box is new, which it cannot know until it is told."""
        with writing(made.db):
            for table in TABLES:
                made.db.execute(f"DELETE FROM {table}")
            made.db.execute("UPDATE trunk SET faults = 0, since = NULL, faulted_at = NULL, paused_until = NULL")
            made.db.execute("UPDATE dialing SET state = 'running', since = NULL, changed_by = ''")
        self.made, self.db, self.world = made, made.db, world
        self.settings = world.settings()
        self.machine = Machine(world.begin)
        self.machine.off = new_off
        self.knows = not new_off
        self.clock = HouseClock(made.db, self.machine)
        self.clock.mind()
        self.out: set[NumberHash] = set()
        self.latest: dict[InterviewId, datetime] = {}
        self.rings: dict[InterviewId, int] = {}
        self.rested: dict[NumberHash, tuple[datetime, InterviewId]] = {}
        self.live: list[_Call] = []
        self.leased: set[InterviewId] = set()
        self.state = DialingState.RUNNING
        self.start_lines()

    def start_lines(self) -> None:
        self.lines = [Dialer(self.db, self.settings, f"line-{n}", clock=self.clock) for n in range(LINES)]
        for line in self.lines:
            line._jitter = lambda _, most: most
        self.clear_up(starting=True)

    # what may happen

    def passes(self, minutes: float) -> None:
        self.machine.passes(minutes=minutes)
        for line in self.lines:
            held = [call.lease.interview_id for call in self.live if call.line is line]
            line.keep_leases(held, self.clock.now())
        self.clear_up(starting=False)

    def is_set(self, jump: timedelta | None) -> None:
        """By hand, from what it shows; None: the battery is empty."""
        shows = datetime(1970, 1, 1, tzinfo=UTC) if jump is None else self.machine.wall() + jump
        self.machine.is_set_to(max(shows, datetime(1970, 1, 1, tzinfo=UTC)))

    def a_server_answers(self) -> None:
        self.machine.hears_a_server()
        self.knows = self.clock.mind() is not Trust.DOUBTED

    def the_machine_starts_again(self, jump: timedelta | None) -> None:
        self.live.clear()
        self.machine.starts_again()
        if jump != timedelta(0):
            self.is_set(jump)
        self.start_lines()

    def the_box_starts_again(self) -> None:
        self.live.clear()
        self.start_lines()

    def staff_look_at_the_clock(self) -> None:
        """And say so only where it is right."""
        if abs(self.machine.off) <= CONFIRMED:
            self.clock.believe()
            self.knows = True

    def staff(self, state: DialingState) -> None:
        dialing.change(self.db, state, "anna", self.clock.now())
        self.state = state

    def a_contact_is_drawn(self, number: int, delay_minutes: int) -> None:
        """By the time of the PBX, which is right."""
        e164 = NUMBERS[number]
        number_hash, sealed = hash_number(self.made.keys, e164), seal_number(self.made.keys, e164)
        contact_id = self.made.contact(self.machine.true, DrawReason.QUEUED)
        due_at, latest_at = self.machine.true + timedelta(minutes=delay_minutes), self.machine.true + LATEST
        new = NewInterview(contact_id, Language.SWEDISH, number_hash, sealed, due_at, latest_at)
        self.latest[interviews.enqueue(self.db, new)] = latest_at

    def opts_out(self, number: int) -> None:
        number_hash = hash_number(self.made.keys, NUMBERS[number])
        now = self.machine.true
        opt_outs.put(self.db, [opt_outs.Change(number_hash, now, is_blocked=True, source="call")], now)
        self.out.add(number_hash)

    def works(self, minutes: float, outcome: Outcome, rings: bool, goes_on: bool) -> None:
        self.passes(minutes)
        self.lines_turn(outcome, rings, goes_on)

    def lines_turn(self, outcome: Outcome, rings: bool, goes_on: bool) -> None:
        if not goes_on:
            self.calls_end(outcome)
        for line in self.lines:
            if lease := line.next_call(self.clock.now()):
                self.may_ring(lease)
                self.live.append(_Call(lease, line, rings))
                self.leased.add(lease.interview_id)
                if rings:
                    line.rang(lease, self.clock.now())
                    self.rings[lease.interview_id] = self.rings.get(lease.interview_id, 0) + 1

    def calls_end(self, outcome: Outcome) -> None:
        for call in self.live:
            came_to = outcome if call.rang or outcome is Outcome.TRUNK_FAULT else Outcome.TRUNK_FAULT
            call.line.ended(call.lease, came_to, STATUS.get(came_to, 200), self.clock.now())
            if call.rang:
                self.rested[call.lease.number_hash] = self.machine.true, call.lease.interview_id
        self.live.clear()

    def clear_up(self, *, starting: bool) -> None:
        """As telephony.recovery does: what a line left behind has rung, for it may have."""
        held = {call.lease.interview_id for call in self.live}
        for line in self.lines:
            now = self.clock.now()
            for left in line.abandoned(now, starting=starting):
                assert left.interview_id not in held, "a live call is taken for dead"
                if line.take_over(left, now, starting=starting):
                    self.ends_left(line, left, now)

    def ends_left(self, line: Dialer, left: left_behind.Abandoned, now: datetime) -> None:
        with writing(self.db):
            if left.rang_at is None:
                interviews.has_rung(self.db, left, now)
                self.rings[left.interview_id] = self.rings.get(left.interview_id, 0) + 1
            line.ended(left, Outcome.NO_ANSWER, None, now)
        self.rested[left.number_hash] = self.machine.true, left.interview_id

    # what must hold

    def may_ring(self, lease: Lease) -> None:
        true, known = self.machine.true, self.known()
        where = f"{true.astimezone(STOCKHOLM):%a %Y-%m-%d %H:%M}, the clock is off by {self.machine.off}"
        assert any(self.world.is_open(known + apart) for apart in (-SLACK, timedelta(0), SLACK)), where
        assert abs(self.machine.wall() - known) <= SLACK, where
        assert self.state is DialingState.RUNNING
        assert lease.number_hash not in self.out
        assert lease.number_hash not in {call.lease.number_hash for call in self.live}
        assert self.rings.get(lease.interview_id, 0) < M
        assert known <= self.latest[lease.interview_id] + SLACK, where
        ended_at, by = self.rested.get(lease.number_hash, (true - 2 * REST, None))
        assert by == lease.interview_id or true - ended_at >= REST - 2 * TOLERANCE, where

    def known(self) -> datetime:
        """The time as far as the box can know it."""
        return self.machine.true if self.knows else self.clock.now()

    def nothing_is_forgotten_early(self) -> None:
        for interview_id, latest_at in list(self.latest.items()):
            if interviews.outcome_of(self.db, interview_id)[0] == "expired":
                assert self.known() > latest_at - SLACK, "forgotten early"
                del self.latest[interview_id]

    def all_comes_to_an_end(self) -> None:
        """Staff and a time server put everything right: whoever can still be rung in time is rung."""
        self.calls_end(Outcome.TRUNK_FAULT)
        self.staff(DialingState.RUNNING)
        self.a_server_answers()
        self.passes(15)
        healed_at = self.machine.true
        assert self.clock.mind() is Trust.KEPT
        self.leased.clear()
        waits = {i for i in self.latest if interviews.outcome_of(self.db, i)[0] == "queued"}
        must = {i for i in waits if self.can_be_rung(i, healed_at)}
        for _ in range(12 * len(self.latest)):
            self.lines_turn(Outcome.COMPLETED, True, False)
            self.nothing_is_forgotten_early()
            row = self.db.execute("SELECT min(due_at) FROM interviews WHERE state = 'queued'").fetchone()
            if row[0] is None and not self.live:
                break
            due_at = datetime.fromisoformat(row[0]) if row[0] else self.machine.true
            following = max(due_at, self.machine.true + timedelta(minutes=11))
            opens_at = next_open(following, self.settings.dialer, STOCKHOLM)
            self.passes((opens_at - self.machine.true).total_seconds() / 60)
        assert must <= self.leased | self.over(), "somebody is never rung"
        left = {i for i in self.latest if interviews.outcome_of(self.db, i)[0] in {"queued", "live"}}
        assert not left, "it waits for ever"

    def over(self) -> set[InterviewId]:
        return {i for i in self.latest if interviews.outcome_of(self.db, i)[0] == "over"}

    def can_be_rung(self, interview_id: InterviewId, since: datetime) -> bool:
        """Whether the hours leave it room: the others before it may be its own number's, and each call rests."""
        row = self.db.execute("SELECT due_at FROM interviews WHERE id = ?", (interview_id,)).fetchone()
        due_at = datetime.fromisoformat(row[0])
        assert due_at <= since + timedelta(days=5), "nobody waits for a moment that a wrong clock has named"
        opens_at = next_open(max(due_at, since), self.settings.dialer, STOCKHOLM)
        needed = timedelta(minutes=25 * len(self.latest))
        return self.world.is_open(opens_at + needed) and opens_at + needed <= self.latest[interview_id]
