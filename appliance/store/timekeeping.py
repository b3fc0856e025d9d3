"""The house's time: the clock as it was last believed, carried on by the machine's running time.

Whoever sets the machine's clock does not set this one: the two then disagree, and while they do nobody is rung and
nothing is forgotten, for the box cannot know which is right. A clock is believed where a time server answers for it,
where staff say that it is right, and as a new box finds it. After the machine has been started again there is no time
to carry on, and its clock has to be believed anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from appliance.store import promises
from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing
from appliance.timepiece import Timepiece

TOLERANCE: Final = timedelta(minutes=2)
SETTLES: Final = timedelta(minutes=10)
"""As long as a number rests (limits.number_rest): what was written by the old time is no measure of it any more."""
_LEASE: Final = timedelta(seconds=60)


class Trust(StrEnum):
    """Whether calls may hang on the clock."""

    KEPT = "kept"
    SETTLING = "settling"
    """It has been set, and is believed; no call is begun for a while."""
    DOUBTED = "doubted"


@dataclass(frozen=True, slots=True)
class _Known:
    start: str
    started_at: datetime
    """When that start was, by the clock that was believed."""
    set_after: timedelta
    """How long the machine had been running when the clock was last set; the first one was never set."""


class HouseClock:
    """One for each process; they meet in the store."""

    def __init__(self, db: Database, timepiece: Timepiece | None = None) -> None:
        self._db = db
        self._timepiece = timepiece or Timepiece()

    def now(self) -> datetime:
        """The machine's own clock while the two agree, and where there is no time to carry on; else the house's."""
        known = self._known()
        if known is None or known.start != self._timepiece.start or self._agrees(known):
            return self._timepiece.wall()
        return known.started_at + self._timepiece.running()

    def trust(self) -> Trust:
        """A look that changes nothing."""
        known = self._known()
        if known is None:
            return Trust.KEPT
        if self._agrees(known):
            since = self._timepiece.running() - known.set_after
            return Trust.SETTLING if since < SETTLES else Trust.KEPT
        return Trust.SETTLING if self._timepiece.is_synchronized() else Trust.DOUBTED

    def mind(self) -> Trust:
        """As `trust`; a clock that may be believed is the house's from now on."""
        trust, known = self.trust(), self._known()
        if known is None:
            self._believe(-SETTLES)
        elif trust is Trust.SETTLING and not self._agrees(known):
            self.believe()
        return trust

    def believe(self) -> None:
        """A time server or somebody at the box says that the machine's clock is right."""
        with writing(self._db):
            self._believe(self._timepiece.running())
            promises.bring_back(self._db, self._timepiece.wall())

    def disagreement(self) -> timedelta:
        """How far the machine's clock is ahead of the house's."""
        return self._timepiece.wall() - self.now()

    def _agrees(self, known: _Known) -> bool:
        started_at = self._timepiece.wall() - self._timepiece.running()
        return known.start == self._timepiece.start and abs(started_at - known.started_at) <= TOLERANCE

    def _known(self) -> _Known | None:
        row = self._db.execute("SELECT start, started_at, set_after_seconds FROM timekeeping").fetchone()
        return _Known(row[0], from_text(row[1]), timedelta(seconds=row[2])) if row else None

    def _believe(self, set_after: timedelta) -> None:
        now, running = self._timepiece.wall(), self._timepiece.running()
        with writing(self._db):
            self._db.execute(
                "INSERT OR REPLACE INTO timekeeping (id, start, started_at, set_after_seconds) VALUES (1, ?, ?, ?)",
                (self._timepiece.start, to_text(now - running), set_after.total_seconds()),
            )
            # Live calls were leased by another time: their lines hold on to them, or have a lease's time to be missed.
            self._db.execute("UPDATE interviews SET leased_until = ? WHERE state = 'live'", (to_text(now + _LEASE),))
