"""The funnel: why an ended contact is surveyed or not, always exactly one reason, always in the same order."""

from collections.abc import Callable
from typing import Final, Protocol

from appliance.numbers import CallerNumber, NumberKind
from appliance.types import Direction, DrawReason, EndedContact

DRAWN_UPON: Final = frozenset({DrawReason.NOT_DRAWN, DrawReason.QUOTA_FULL, DrawReason.TOO_LATE, DrawReason.QUEUED})
"""The reasons of contacts that were eligible, so that the draw was reached."""


class Facts(Protocol):
    """What is known about the contact; each is asked for only where nothing before it decides."""

    @property
    def number(self) -> CallerNumber: ...
    @property
    def is_own(self) -> bool:
        """The number is the one that we ring from."""

    @property
    def is_too_short(self) -> bool: ...
    @property
    def is_doubled(self) -> bool:
        """Another part of the same call has been decided upon."""

    @property
    def is_denied(self) -> bool:
        """The call has been in a queue that is never surveyed."""

    @property
    def may_be_rung(self) -> bool:
        """The number is in one of the ranges that are rung."""

    @property
    def opted_out(self) -> bool: ...
    @property
    def in_quiet_period(self) -> bool: ...
    @property
    def drawn(self) -> bool: ...
    @property
    def quota_full(self) -> bool:
        """The day's cap or the queue's quota is used up."""

    @property
    def too_late(self) -> bool:
        """No calling hours come before it is too late to ring."""


def decide(contact: EndedContact, facts: Facts) -> DrawReason:
    """The first reason that holds, `queued` where none does."""
    if contact.direction is Direction.OUTBOUND:
        return DrawReason.OWN_CALL if facts.is_own else DrawReason.INTERNAL
    kind = facts.number.kind
    stops: tuple[tuple[DrawReason, Callable[[], bool]], ...] = (
        (DrawReason.ANONYMOUS, lambda: kind is NumberKind.ANONYMOUS),
        (DrawReason.INTERNAL, lambda: kind is NumberKind.INTERNAL or contact.direction is Direction.INTERNAL),
        (DrawReason.NOT_ANSWERED, lambda: not contact.answered),
        (DrawReason.TOO_SHORT, lambda: facts.is_too_short),
        (DrawReason.DOUBLED_LEG, lambda: facts.is_doubled),
        (DrawReason.DENIED_QUEUE, lambda: facts.is_denied),
        (DrawReason.OWN_CALL, lambda: facts.is_own),
        (DrawReason.FOREIGN_OR_PREMIUM, lambda: kind is NumberKind.FOREIGN_OR_PREMIUM or not facts.may_be_rung),
        (DrawReason.OPTED_OUT, lambda: facts.opted_out),
        (DrawReason.QUIET_PERIOD, lambda: facts.in_quiet_period),
        (DrawReason.NOT_DRAWN, lambda: not facts.drawn),
        (DrawReason.QUOTA_FULL, lambda: facts.quota_full),
        (DrawReason.TOO_LATE, lambda: facts.too_late),
    )
    return next((reason for reason, holds in stops if holds()), DrawReason.QUEUED)
