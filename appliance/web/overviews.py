"""The period that the page shows, with what it is compared with; kept until the data or the day changes."""

from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from zoneinfo import ZoneInfo

from appliance.results.comparison import Comparison, compare
from appliance.results.headline import Headline, make_headline
from appliance.results.overview import Overview, read_overview
from appliance.results.periods import Period, span_before, span_of
from appliance.results.temporary import TemporaryResult, read_temporary
from appliance.store import Database, figures


@dataclass(frozen=True, slots=True)
class PeriodView:
    period: Period
    overview: Overview
    before: Overview | None
    comparison: Comparison | None
    headline: Headline
    temporary: tuple[TemporaryResult, ...]
    anything_ever: bool
    """Whether the store has any contact at all, in this period or not."""


@dataclass(slots=True)
class Overviews:
    """One view a period; as many as there are periods are kept."""

    _kept: dict[Period, tuple[str, PeriodView]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def get(self, db: Database, period: Period, now: datetime, zone: ZoneInfo) -> tuple[str, PeriodView]:
        """The view and its version; the same version is the same view."""
        version = f"{figures.data_version(db)}|{now.astimezone(zone).date()}"
        with self._lock:  # whoever asks second finds it made
            kept = self._kept.get(period)
            if kept is None or kept[0] != version:
                kept = self._kept[period] = version, make_view(db, period, now, zone)
        return kept


def make_view(db: Database, period: Period, now: datetime, zone: ZoneInfo) -> PeriodView:
    first = figures.first_contact(db)
    shown = span_of(period, now, zone, first)
    overview, temporary = read_overview(db, shown), read_temporary(db, shown)
    span = span_before(period, now, zone)
    before = read_overview(db, span) if span else None
    comparison = compare(overview, before) if before else None
    headline = make_headline(overview, comparison)
    return PeriodView(period, overview, before, comparison, headline, temporary, first is not None)
