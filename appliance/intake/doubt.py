"""A clock in doubt takes nothing in: by a wrong one good records lie in the future, and numbers are kept too long."""

from typing import Final

from appliance.calling_time import never_closes
from appliance.errors import IntakeError
from appliance.settings import Settings
from appliance.store import Database
from appliance.store.timekeeping import HouseClock, Trust

CLOCK_IN_DOUBT: Final = "the clock is in doubt: no ended contacts are taken in until somebody says that it is right"


class ClockInDoubtError(IntakeError):
    """Ended contacts have to wait."""

    def __init__(self) -> None:
        super().__init__(f"{CLOCK_IN_DOUBT} (efterklang dialer trust-clock)")


def is_clock_in_doubt(db: Database, settings: Settings) -> bool:
    """As for the dialer: a box whose hours never close needs no clock."""
    return not never_closes(settings.dialer) and HouseClock(db).mind() is Trust.DOUBTED


def insist_on_clock(db: Database, settings: Settings) -> None:
    """ClockInDoubtError where contacts have to wait."""
    if is_clock_in_doubt(db, settings):
        raise ClockInDoubtError
