"""How dialing stands right now: for the page and for the command line."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from appliance.calling_time import is_open, moment_of, next_open
from appliance.settings import Settings, practice_settings
from appliance.store import Database, dialing, limits, trunk, waiting
from appliance.store.dialing import Dialing
from appliance.store.timekeeping import HouseClock, Trust
from appliance.store.trunk import TrunkFault
from appliance.store.waiting import Waiting


@dataclass(frozen=True, slots=True)
class Calling:
    dialing: Dialing
    trust: Trust
    """In the clock."""
    live: int
    """Calls under way, both ways."""
    waiting: Waiting
    attempts: dict[str, int]
    """Today's own calls that are over, by outcome."""
    trunk: TrunkFault | None
    opens_at: datetime | None
    """None: the hours are open now."""


def read_calling(db: Database, settings: Settings, now: datetime) -> Calling:
    """The practice municipality, which has no [sip], keeps its own hours."""
    dialer = settings.dialer if settings.sip else practice_settings(settings).dialer
    zone = ZoneInfo(settings.municipality.time_zone)
    today = now.astimezone(zone).date()
    day = moment_of(today, 0, zone), moment_of(today + timedelta(days=1), 0, zone)
    return Calling(
        dialing.current(db),
        HouseClock(db).trust(),
        limits.live_calls(db, now),
        waiting.waiting(db, now),
        waiting.attempts_by_outcome(db, *day),
        trunk.fault(db),
        None if is_open(now, dialer, zone) else next_open(now, dialer, zone),
    )
