"""The year report: one calendar year in the municipality's own time, against the year before."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from appliance.results.comparison import Comparison, compare
from appliance.results.overview import Overview, read_overview
from appliance.results.periods import year_span
from appliance.results.temporary import TemporaryResult, read_temporary
from appliance.settings import MunicipalitySettings
from appliance.store.database import Database


@dataclass(frozen=True, slots=True)
class YearReport:
    municipality: MunicipalitySettings
    year: int
    made_at: datetime
    overview: Overview
    before: Overview
    comparison: Comparison
    temporary: tuple[TemporaryResult, ...] = ()


def make_report(db: Database, municipality: MunicipalitySettings, year: int, made_at: datetime) -> YearReport:
    """A year whose contacts are none is a report too: everything in it is too few."""
    zone = ZoneInfo(municipality.time_zone)
    span = year_span(year, zone)
    overview, before = read_overview(db, span), read_overview(db, year_span(year - 1, zone))
    return YearReport(
        municipality, year, made_at, overview, before, compare(overview, before), read_temporary(db, span)
    )
