"""The draw's days: each has a seed made beforehand and a chain over all its decisions, so that it can be audited."""

import json
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Final

from appliance.store import policies
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
    """Revisions counted."""
    queued: int
    digest: bytes
    """Of the last decision and, through it, of all before it; of the seed alone before the first."""

    @property
    def seed_hash(self) -> str:
        """What is shown before the day's first draw (SHA-256, hex): the seed cannot be changed afterwards."""
        return self.begin.hex()

    @property
    def begin(self) -> bytes:
        """What the day's chain hangs on."""
        return sha256(self.seed).digest()


@dataclass(frozen=True, slots=True)
class Entry:
    """One decision as it is written into a day's chain; a revision has the contact's first reason too."""

    sequence: int
    source: str
    source_call_id: str
    queue: str
    reason: DrawReason
    share: float | None
    """None where the draw was not reached."""
    policy_id: int | None
    """None where an older version queued the contact that is withdrawn."""
    policy_digest: str
    """Of that version of the policy; empty where there is none."""
    was_reason: DrawReason | None = None

    def link(self, before: bytes) -> bytes:
        """The chain's digest after this entry."""
        fields = (self.sequence, self.source, self.source_call_id, self.queue, self.reason, self.share, self.policy_id)
        more = (self.policy_digest, self.was_reason)
        written = json.dumps([*fields, *more], ensure_ascii=False, separators=(",", ":"))
        return sha256(before + written.encode()).digest()


@dataclass(frozen=True, slots=True)
class Recorded:
    """An entry as the store has it now."""

    contact_id: ContactId
    entry: Entry
    digest: bytes
    """Of the chain up to it, when it was written."""
    reason_now: DrawReason
    """The contact's, after all revisions."""


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
    if row is None:
        return None
    return DrawDay(day, row[0], from_optional(row[1]), row[2], row[3], row[4] or sha256(row[0]).digest())


def all_days(db: Database) -> list[date]:
    """The days that have a seed, oldest first."""
    return [date.fromisoformat(row[0]) for row in db.execute("SELECT day FROM draw_days ORDER BY day")]


def append(db: Database, day: date, entry: Entry, digest: bytes) -> None:
    """Put the next entry into the day's chain; within the transaction that writes the decision itself."""
    db.execute(
        "UPDATE draw_days SET decisions = ?, queued = queued + ?, digest = ? WHERE day = ?",
        (entry.sequence, int(entry.reason is DrawReason.QUEUED), digest, day.isoformat()),
    )


def drawn_on(db: Database, day: date) -> int:
    """How many the day's seed has picked, whatever the cap and the quotas then let through."""
    row = db.execute(
        "SELECT count(*) FROM contacts WHERE draw_day = ? AND share IS NOT NULL AND reason <> ?",
        (day.isoformat(), DrawReason.NOT_DRAWN),
    )
    return int(row.fetchone()[0])


def entries_of(db: Database, day: date) -> Iterator[Recorded]:
    """The day's decisions and revisions in the order they were made; each contact with the reason first given."""
    rows = db.execute(
        """SELECT c.id, c.draw_sequence, c.source, c.source_call_id, c.queue, coalesce((
             SELECT was_reason FROM revisions r WHERE r.contact_id = c.id ORDER BY r.revised_at, r.draw_sequence LIMIT 1
           ), c.reason), c.share, c.policy_id, NULL, c.draw_digest, c.reason
           FROM contacts c WHERE c.draw_day = :day
           UNION ALL
           SELECT c.id, r.draw_sequence, c.source, c.source_call_id, c.queue, r.reason, c.share, c.policy_id,
             r.was_reason, r.draw_digest, c.reason
           FROM revisions r JOIN contacts c ON c.id = r.contact_id WHERE r.draw_day = :day
           ORDER BY 2""",
        {"day": day.isoformat()},
    )
    digests: dict[int | None, str] = {}
    for row in rows:
        policy_id = row[7]
        if policy_id not in digests:
            digests[policy_id] = policies.digest_of(db, policy_id)
        was = None if row[8] is None else DrawReason(row[8])
        entry = Entry(row[1], row[2], row[3], row[4], DrawReason(row[5]), row[6], policy_id, digests[policy_id], was)
        yield Recorded(ContactId(row[0]), entry, row[9], DrawReason(row[10]))
