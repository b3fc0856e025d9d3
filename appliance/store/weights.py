"""Selection weights: how many eligible contacts each interview of a queue and a day stands for.

1 / share is right only where everyone drawn is queued. A cap, a quota and a late hour take some of them away, so the
weights are raised until they add up to all that were eligible, which is known exactly (post-stratification).
"""

from dataclasses import dataclass
from datetime import date

from appliance.store.clock import to_text
from appliance.store.database import Database
from appliance.store.figures import Span
from appliance.types import DrawReason


@dataclass(frozen=True, slots=True)
class Stratum:
    """One queue on one day of the draw."""

    day: date
    queue: str
    eligible: int
    """Contacts that reached the draw."""
    drawn: int
    queued: int
    weight_sum: float
    """Of the queued ones' weights, 1 / share each."""

    @property
    def correction(self) -> float | None:
        """What each weight is to be multiplied by; None where nobody was queued to stand for those eligible."""
        return self.eligible / self.weight_sum if self.queued else None

    @property
    def corrected_weight(self) -> float | None:
        """Of a queued contact on the average: how many eligible ones it stands for."""
        return self.eligible / self.queued if self.queued else None


def strata(db: Database, span: Span) -> list[Stratum]:
    """Of the contacts that ended in a span, by day of the draw and queue; withdrawn ones were never eligible."""
    rows = db.execute(
        """SELECT draw_day, queue, count(*), count(*) FILTER (WHERE reason <> ?), count(*) FILTER (WHERE reason = ?),
             coalesce(sum(1 / share) FILTER (WHERE reason = ?), 0)
           FROM contacts WHERE ended_at >= ? AND ended_at < ? AND reason IN (?, ?, ?, ?) AND share IS NOT NULL
           GROUP BY draw_day, queue ORDER BY draw_day, queue""",
        (
            DrawReason.NOT_DRAWN,
            DrawReason.QUEUED,
            DrawReason.QUEUED,
            to_text(span.begin),
            to_text(span.end),
            DrawReason.NOT_DRAWN,
            DrawReason.QUOTA_FULL,
            DrawReason.TOO_LATE,
            DrawReason.QUEUED,
        ),
    )
    return [Stratum(date.fromisoformat(row[0]), *row[1:]) for row in rows]
