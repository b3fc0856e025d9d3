"""The draw's days: each has a seed made beforehand and a chain over all its decisions, so that it can be audited."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database, writing
from appliance.types import ContactId, DrawReason

_SEED_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class DrawDay:
    """A local day: every contact decided upon in it is drawn by its seed."""

    day: date
    seed: bytes
    made_at: datetime | None
    """None of a day before the draw could be audited."""
    decisions: int
    queued: int
    digest: bytes | None
    """Of the last decision and, through it, of all before it."""

    @property
    def seed_hash(self) -> str:
        """What is shown before the day's first draw (SHA-256, hex): the seed cannot be changed afterwards."""
        return sha256(self.seed).hexdigest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision as it is written into a day's chain; a revision has the contact's first reason too."""

    contact_id: ContactId
    sequence: int
    source: str
    source_call_id: str
    queue: str
    reason: DrawReason
    share: float | None
    """None where the draw was not reached."""
    policy_id: int
    was_reason: DrawReason | None = None

    def link(self, before: bytes) -> bytes:
        """The chain's digest after this entry."""
        fields = (self.sequence, self.source, self.source_call_id, self.queue, self.reason, self.share, self.policy_id)
        written = json.dumps([*fields, self.was_reason], ensure_ascii=False, separators=(",", ":"))
        return sha256(before + written.encode()).digest()


def prepare(db: Database, day: date, now: datetime) -> DrawDay:
    """The day with its seed, made now where it is not there yet; a seed is never changed."""
    found = day_of(db, day)
    if found is None:
        with writing(db):
            db.execute(
                "INSERT OR IGNORE INTO draw_days (day, seed, made_at) VALUES (?, ?, ?)",
                (day.isoformat(), secrets.token_bytes(_SEED_BYTES), to_text(now)),
            )
        found = day_of(db, day)
        assert found is not None
    return found


def day_of(db: Database, day: date) -> DrawDay | None:
    row = db.execute(
        "SELECT seed, made_at, decisions, queued, digest FROM draw_days WHERE day = ?", (day.isoformat(),)
    ).fetchone()
    return None if row is None else DrawDay(day, row[0], from_optional(row[1]), row[2], row[3], row[4])


def append(db: Database, day: date, entry: Entry) -> None:
    """Put the next entry into the day's chain; within the transaction that writes the decision itself."""
    row = db.execute("SELECT digest FROM draw_days WHERE day = ?", (day.isoformat(),)).fetchone()
    is_queued = entry.reason is DrawReason.QUEUED
    db.execute(
        "UPDATE draw_days SET decisions = ?, queued = queued + ?, digest = ? WHERE day = ?",
        (entry.sequence, int(is_queued), entry.link(row[0] or b""), day.isoformat()),
    )


def entries_of(db: Database, day: date) -> Iterator[Entry]:
    """The day's decisions and revisions in the order they were made; each contact with the reason first given."""
    rows = db.execute(
        """SELECT c.id, c.draw_sequence, c.source, c.source_call_id, c.queue, coalesce((
             SELECT was_reason FROM revisions r WHERE r.contact_id = c.id ORDER BY r.revised_at, r.draw_sequence LIMIT 1
           ), c.reason), c.share, c.policy_id, NULL
           FROM contacts c WHERE c.draw_day = :day
           UNION ALL
           SELECT c.id, r.draw_sequence, c.source, c.source_call_id, c.queue, r.reason, c.share, c.policy_id,
             r.was_reason FROM revisions r JOIN contacts c ON c.id = r.contact_id WHERE r.draw_day = :day
           ORDER BY 2""",
        {"day": day.isoformat()},
    )
    for row in rows:
        was = None if row[8] is None else DrawReason(row[8])
        yield Entry(ContactId(row[0]), row[1], row[2], row[3], row[4], DrawReason(row[5]), row[6], row[7], was)
