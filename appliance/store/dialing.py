"""Whether citizens are rung at all: what staff have decided, for all processes of the box."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database, writing


class DialingState(StrEnum):
    """What staff allow."""

    RUNNING = "running"
    PAUSED = "paused"
    """No new call is begun; live ones go on."""
    STOPPED = "stopped"
    """Live calls are ended too, and nobody is received who calls."""


@dataclass(frozen=True, slots=True)
class Dialing:
    state: DialingState
    since: datetime | None
    """None: nobody has ever changed it."""
    changed_by: str
    """An account of the page, or who sat at the console."""
    stopped_at: datetime | None = None
    """The last stop, also where it has been taken back since; None: there never was one."""


def current(db: Database) -> Dialing:
    row = db.execute("SELECT state, since, changed_by, stopped_at FROM dialing").fetchone()
    return Dialing(DialingState(row[0]), from_optional(row[1]), row[2], from_optional(row[3]))


def change(
    db: Database, state: DialingState, changed_by: str, now: datetime, expected: DialingState | None = None
) -> bool:
    """From now on; False where it stood so already, or not as `expected`, and then nothing is changed."""
    stopped_at = to_text(now) if state is DialingState.STOPPED else None
    with writing(db):
        cursor = db.execute(
            """UPDATE dialing SET state = ?, since = ?, changed_by = ?, stopped_at = coalesce(?, stopped_at)
               WHERE state <> ? AND state = coalesce(?, state)""",
            (state, to_text(now), changed_by, stopped_at, state, expected),
        )
        return bool(cursor.rowcount)
