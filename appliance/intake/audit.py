"""The audit of a day's draw: every decision is made again from the day's seed, and the chain over all of them.

Pure: it sees the day, its entries and the policies, and says what is not as it should be.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from appliance.intake.draw import is_drawn
from appliance.intake.funnel import DRAWN_UPON
from appliance.settings import SelectionPolicy
from appliance.store.draws import DrawDay, Entry, Recorded
from appliance.types import ContactId, DrawReason

PolicyOf = Callable[[int], SelectionPolicy | None]


class Fault(StrEnum):
    """What is not as it should be; the value is how the report says it."""

    ALTERED = "is not as it was written: it, its place or its policy has been changed since"
    MISSING = "is missing from the day's chain"
    DOUBLED = "has a place in the day's chain that another has too"
    DRAW = "was not decided as the seed draws"
    SHARE = "has another share than its policy gives its queue"
    NO_POLICY = "names a policy that is not there"
    OLD_POLICY = "was decided under a policy that was no longer in force"
    UNASKED = "has a share though the draw was not reached, or none though it was"
    DENIED = "came from a denied queue and took part in the draw all the same"
    OVER_CAP = "was queued beyond the day's cap"
    NO_LIMIT = "was stopped by a cap or a quota, and its policy has none"
    REVISED = "was revised in a way that no rule allows"
    REASON = "has another reason now than the last on record"
    DIGEST = "the day's digest is not that of its decisions"
    COUNT = "the day's counts are not those of its decisions"
    SEED = "the seed that was given is not the day's"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that differs; without a contact it is about the whole day."""

    fault: Fault
    contact_id: ContactId | None = None
    sequence: int | None = None


@dataclass(frozen=True, slots=True)
class Audit:
    """A day made again."""

    reasons: Counter[DrawReason]
    """Of the decisions as they were first made."""
    drawn: int
    """Picked by the seed."""
    revisions: int
    digest: bytes
    """Of the decisions as they stand now."""
    findings: tuple[Finding, ...]


def audit(day: DrawDay, recorded: Iterable[Recorded], policy_of: PolicyOf, seed: bytes | None = None) -> Audit:
    """Make every decision of a day again from its seed; `seed` is what an auditor was given, the store's otherwise."""
    walk = _Walk(day, policy_of, day.seed if seed is None else seed)
    if seed is not None and seed != day.seed:
        walk.found.append(Finding(Fault.SEED))
    for one in recorded:
        walk.look_at(one)
    walk.finish()
    return Audit(walk.reasons, walk.drawn, walk.revisions, walk.digest, tuple(walk.found))


class _Walk:
    """From the day's first entry to its last."""

    def __init__(self, day: DrawDay, policy_of: PolicyOf, seed: bytes) -> None:
        self._day = day
        self._seed = seed
        self._policy_of = policy_of
        self._sequence = 0
        self._policy_id = 0
        self._before = day.begin
        self.digest = day.begin
        self.reasons: Counter[DrawReason] = Counter()
        self.drawn = 0
        self.revisions = 0
        self.found: list[Finding] = []

    def look_at(self, one: Recorded) -> None:
        entry = one.entry
        self.digest = entry.link(self.digest)
        faults = [*self._place(one), *(self._revision(one) if entry.was_reason else self._decision(entry))]
        self.found += [Finding(fault, one.contact_id, entry.sequence) for fault in faults]

    def finish(self) -> None:
        self._miss_until(self._day.decisions + 1)
        if self.digest != self._day.digest:
            self.found.append(Finding(Fault.DIGEST))
        made = self.reasons.total() + self.revisions, self.reasons[DrawReason.QUEUED]
        if made != (self._day.decisions, self._day.queued):
            self.found.append(Finding(Fault.COUNT))

    def _miss_until(self, sequence: int) -> None:
        self.found += [Finding(Fault.MISSING, None, n) for n in range(self._sequence + 1, sequence)]

    def _place(self, one: Recorded) -> Iterator[Fault]:
        """Its place in the chain; an entry whose predecessor is gone cannot be held against it."""
        sequence = one.entry.sequence
        self._miss_until(sequence)
        if sequence <= self._sequence:
            yield Fault.DOUBLED
        elif sequence == self._sequence + 1 and one.entry.link(self._before) != one.digest:
            yield Fault.ALTERED
        self._sequence, self._before = sequence, one.digest

    def _revision(self, one: Recorded) -> Iterator[Fault]:
        self.revisions += 1
        if (one.entry.was_reason, one.entry.reason) != (DrawReason.QUEUED, DrawReason.DENIED_QUEUE):
            yield Fault.REVISED
        if one.reason_now is not one.entry.reason:
            yield Fault.REASON

    def _decision(self, entry: Entry) -> Iterator[Fault]:
        self.reasons[entry.reason] += 1
        policy_id = entry.policy_id or 0
        if policy_id < self._policy_id:
            yield Fault.OLD_POLICY
        self._policy_id = policy_id
        if (entry.share is not None) != (entry.reason in DRAWN_UPON):
            yield Fault.UNASKED
        if entry.share is not None:
            yield from self._draw(entry, entry.share)
        policy = self._policy_of(policy_id)
        if policy is None:
            yield Fault.NO_POLICY
        elif entry.reason in DRAWN_UPON:
            yield from self._rules(entry, policy)

    def _draw(self, entry: Entry, share: float) -> Iterator[Fault]:
        drawn = is_drawn(self._seed, entry.source, entry.source_call_id, share)
        self.drawn += drawn
        if drawn == (entry.reason is DrawReason.NOT_DRAWN):
            yield Fault.DRAW

    def _rules(self, entry: Entry, policy: SelectionPolicy) -> Iterator[Fault]:
        """What the policy lets be seen from the day alone; quotas count interviews of other days too."""
        if entry.share != policy.share_of(entry.queue):
            yield Fault.SHARE
        if policy.denies(entry.queue):
            yield Fault.DENIED
        if entry.reason is DrawReason.QUEUED and 0 < policy.daily_cap < self.reasons[DrawReason.QUEUED]:
            yield Fault.OVER_CAP
        if entry.reason is DrawReason.QUOTA_FULL and not (policy.daily_cap or policy.quotas):
            yield Fault.NO_LIMIT
