"""What the store and the draw know about a contact; looked up only when the funnel asks."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from appliance.custody.keys import Keys
from appliance.custody.sealing import hash_number
from appliance.intake.draw import allowance, is_drawn, period_begin
from appliance.intake.taken import Taken
from appliance.number_guard import NumberGuard
from appliance.numbers import CallerNumber, read_number
from appliance.settings import SelectionPolicy, queue_key
from appliance.store import Database, contacts, draws, opt_outs
from appliance.store.contacts import Leg
from appliance.types import DrawReason, EndedContact, NumberHash

_BEFORE_A_DOUBLE: Final = {
    DrawReason.ANONYMOUS,
    DrawReason.INTERNAL,
    DrawReason.NOT_ANSWERED,
    DrawReason.TOO_SHORT,
}
"""A part of a call that ended so leaves the next part its turn."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What holds for every contact that is decided upon now."""

    db: Database
    keys: Keys
    guard: NumberGuard
    policy: SelectionPolicy
    policy_id: int
    today: draws.DrawDay
    zone: ZoneInfo
    """The municipality's."""
    taken: Taken


class KnownFacts:
    """The funnel's `Facts` of one contact, with the earlier parts of its call."""

    def __init__(
        self, ground: Ground, contact: EndedContact, legs: tuple[Leg, ...], is_too_late: Callable[[], bool]
    ) -> None:
        self._ground = ground
        self._contact = contact
        self._legs = legs
        self._is_too_late = is_too_late
        self.share = ground.policy.share_of(contact.queue)

    @cached_property
    def number(self) -> CallerNumber:
        return read_number(self._contact.number)

    @property
    def is_own(self) -> bool:
        return self.number.e164 in self._ground.guard.own

    @property
    def is_too_short(self) -> bool:
        return self._contact.talk_seconds < self._ground.policy.min_talk_seconds

    @property
    def is_doubled(self) -> bool:
        return any(leg.reason not in _BEFORE_A_DOUBLE for leg in self._legs)

    @property
    def is_denied(self) -> bool:
        return any(map(self._ground.policy.denies, (self._contact.queue, *(leg.queue for leg in self._legs))))

    @property
    def may_be_rung(self) -> bool:
        number = self.number.e164
        return number is not None and self._ground.guard.refusal(number) is None

    @property
    def opted_out(self) -> bool:
        return self._hash is not None and opt_outs.contains(self._ground.db, self._hash)

    @property
    def in_quiet_period(self) -> bool:
        days = self._ground.policy.quiet_days
        since = self._contact.ended_at - timedelta(days=days)
        return self._hash is not None and days > 0 and contacts.drawn_since(self._ground.db, self._hash, since)

    @property
    def drawn(self) -> bool:
        return is_drawn(self._ground.today.seed, self._contact.source, self._contact.source_call_id, self.share)

    @property
    def quota_full(self) -> bool:
        return self._cap_is_reached() or self._quota_is_reached()

    @property
    def too_late(self) -> bool:
        return self._is_too_late()

    @cached_property
    def _hash(self) -> NumberHash | None:
        return hash_number(self._ground.keys, self.number.e164) if self.number.e164 else None

    def _cap_is_reached(self) -> bool:
        """By the hour when the citizen rang, so that records which come in a heap are spread over it all the same."""
        policy, day = self._ground.policy, self._ground.today.day
        if not policy.daily_cap:
            return False
        now = draws.day_of(self._ground.db, day)
        local = self._contact.ended_at.astimezone(self._ground.zone)
        return now is not None and now.queued >= allowance(policy.daily_cap, policy.spread_over, local)

    def _quota_is_reached(self) -> bool:
        queue, today = queue_key(self._contact.queue), self._ground.today.day
        return any(
            self._ground.taken.of(queue, period_begin(quota.per, today)) >= quota.interviews
            for quota in self._ground.policy.quotas
            if queue_key(quota.queue) == queue
        )
