"""The funnel: why an ended contact is surveyed or not, always exactly one reason, always in the same order."""

from dataclasses import dataclass

from appliance.numbers import CallerNumber, NumberKind
from appliance.settings import FunnelSettings
from appliance.types import Direction, DrawReason, EndedContact


@dataclass(frozen=True, slots=True)
class Facts:
    """What the store and the draw know about the contact."""

    number: CallerNumber
    is_own: bool
    """The number is the one that we ring from."""
    may_be_rung: bool
    """The number is in one of the ranges that are rung."""
    opted_out: bool
    in_quiet_period: bool
    drawn: bool


def decide(contact: EndedContact, facts: Facts, funnel: FunnelSettings) -> DrawReason:
    """The first reason that holds, `queued` where none does."""
    if contact.direction is Direction.OUTBOUND:
        return DrawReason.OWN_CALL if facts.is_own else DrawReason.INTERNAL
    kind = facts.number.kind
    queue = contact.queue.casefold()
    stops = (
        (DrawReason.ANONYMOUS, kind is NumberKind.ANONYMOUS),
        (DrawReason.INTERNAL, kind is NumberKind.INTERNAL or contact.direction is Direction.INTERNAL),
        (DrawReason.NOT_ANSWERED, not contact.answered),
        (DrawReason.TOO_SHORT, contact.talk_seconds < funnel.min_talk_seconds),
        (DrawReason.DENIED_QUEUE, any(word.casefold() in queue for word in funnel.denied_queues)),
        (DrawReason.OWN_CALL, facts.is_own),
        (DrawReason.FOREIGN_OR_PREMIUM, kind is NumberKind.FOREIGN_OR_PREMIUM or not facts.may_be_rung),
        (DrawReason.OPTED_OUT, facts.opted_out),
        (DrawReason.QUIET_PERIOD, facts.in_quiet_period),
        (DrawReason.NOT_DRAWN, not facts.drawn),
    )
    return next((reason for reason, holds in stops if holds), DrawReason.QUEUED)
