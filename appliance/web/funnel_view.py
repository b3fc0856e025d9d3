"""The funnel over a span of days: how many stopped where, and what was left."""

from collections import Counter
from dataclasses import dataclass
from typing import Final

from appliance.intake.funnel import DRAWN_UPON
from appliance.results.overview import MINIMUM_N
from appliance.store import Database, figures
from appliance.store.figures import Span
from appliance.types import DrawReason

_OUTSIDE: Final = (DrawReason.TRANSFERRED, DrawReason.TEST_CALL)
STEPS: Final = tuple(reason for reason in DrawReason if reason not in {*_OUTSIDE, DrawReason.QUEUED})
"""Where a contact may stop, in order."""


@dataclass(frozen=True, slots=True)
class Step:
    reason: DrawReason
    count: int
    """Stopped here."""
    left: int
    """Went on."""


@dataclass(frozen=True, slots=True)
class QueueRow:
    queue: str
    contacts: int
    eligible: int
    drawn: int
    queued: int


@dataclass(frozen=True, slots=True)
class FunnelView:
    span: Span
    contacts: int
    """All that ended; each is in exactly one step or queued."""
    steps: tuple[Step, ...]
    eligible: int
    drawn: int
    queued: int
    queues: tuple[QueueRow, ...]
    """Those with five contacts or more, the busiest first."""
    small_queues: int
    """How many have fewer."""
    transferred: int
    test_calls: int


def read_funnel(db: Database, span: Span) -> FunnelView:
    by_queue: dict[str, Counter[DrawReason]] = {}
    for queue, reason, count in figures.count_reasons(db, span):
        by_queue.setdefault(queue, Counter())[reason] += count
    outside = {reason: sum(counts.pop(reason, 0) for counts in by_queue.values()) for reason in _OUTSIDE}
    total = sum(by_queue.values(), Counter[DrawReason]())
    whole = _row("", total)
    rows = [_row(queue, counts) for queue, counts in by_queue.items() if counts]
    shown = sorted((row for row in rows if row.contacts >= MINIMUM_N), key=lambda row: (-row.contacts, row.queue))
    return FunnelView(
        span,
        whole.contacts,
        _steps(total),
        whole.eligible,
        whole.drawn,
        whole.queued,
        tuple(shown),
        len(rows) - len(shown),
        outside[DrawReason.TRANSFERRED],
        outside[DrawReason.TEST_CALL],
    )


def _steps(counts: Counter[DrawReason]) -> tuple[Step, ...]:
    left, steps = counts.total(), []
    for reason in STEPS:
        left -= counts[reason]
        steps.append(Step(reason, counts[reason], left))
    return tuple(steps)


def _row(queue: str, counts: Counter[DrawReason]) -> QueueRow:
    eligible = sum(counts[reason] for reason in DRAWN_UPON)
    return QueueRow(queue, counts.total(), eligible, eligible - counts[DrawReason.NOT_DRAWN], counts[DrawReason.QUEUED])
