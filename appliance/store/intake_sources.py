"""Each source of ended contacts: what became of its records, and how it is connected."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database, writing


class SourceState(StrEnum):
    CONNECTED = "connected"
    LISTENING = "listening"
    """Nobody is connected; whoever wants to may."""
    WAITING = "waiting"
    """It is tried again in a moment."""
    REFUSED = "refused"
    """The other end does not let us in, or our own address cannot be had."""


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    decided: int
    """Contacts decided upon."""
    repeated: int
    """Records of contacts that had been decided upon before."""
    rejected: int
    no_record: int
    """Lines that are no record: headings, dates."""
    last_record_at: datetime | None
    state: SourceState | None
    """None of one that has no connection: the file inbox."""
    state_since: datetime | None
    begun_at: datetime | None
    """When it was first heard of."""


def count(
    db: Database, name: str, now: datetime, *, decided: int = 0, repeated: int = 0, rejected: int = 0,
    no_record: int = 0,
) -> None:  # fmt: skip
    """Add to a source's counters, within the transaction that records the contacts themselves."""
    if decided or repeated or rejected or no_record:
        with writing(db):
            db.execute(
                """INSERT INTO intake_sources (name, decided, repeated, rejected, no_record, last_record_at, begun_at)
                   VALUES (:name, :decided, :repeated, :rejected, :no_record, :at, :now)
                   ON CONFLICT (name) DO UPDATE SET decided = decided + excluded.decided,
                     repeated = repeated + excluded.repeated, rejected = rejected + excluded.rejected,
                     no_record = no_record + excluded.no_record,
                     last_record_at = coalesce(excluded.last_record_at, last_record_at)""",
                {
                    "name": name,
                    "decided": decided,
                    "repeated": repeated,
                    "rejected": rejected,
                    "no_record": no_record,
                    "now": to_text(now),
                    "at": to_text(now) if decided or repeated else None,
                },
            )


def set_state(db: Database, name: str, state: SourceState, now: datetime) -> None:
    """How the source is connected; the moment stands from when that last changed."""
    with writing(db):
        db.execute(
            """INSERT INTO intake_sources (name, state, state_since, begun_at) VALUES (:name, :state, :now, :now)
               ON CONFLICT (name) DO UPDATE SET state = :state,
                 state_since = CASE WHEN state = :state THEN state_since ELSE :now END""",
            {"name": name, "state": state, "now": to_text(now)},
        )


def keep_only(db: Database, configured: frozenset[str]) -> None:
    """A source that is no longer configured has no state any more; its counts stay."""
    with writing(db):
        for source in all_sources(db):
            if source.state and source.name not in configured:
                db.execute("UPDATE intake_sources SET state = '', state_since = NULL WHERE name = ?", (source.name,))


def all_sources(db: Database) -> list[Source]:
    rows = db.execute(
        """SELECT name, decided, repeated, rejected, no_record, last_record_at, state, state_since, begun_at
           FROM intake_sources ORDER BY name"""
    )
    return [_source(row) for row in rows]


def _source(row: tuple[Any, ...]) -> Source:
    state = SourceState(row[6]) if row[6] else None
    moments = [from_optional(row[place]) for place in (5, 7, 8)]
    return Source(row[0], row[1], row[2], row[3], row[4], moments[0], state, moments[1], moments[2])
