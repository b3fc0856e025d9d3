"""Ended contacts with the one reason why each was surveyed or not."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from appliance.store import draws, policies
from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing
from appliance.store.draws import Entry
from appliance.types import ContactId, Direction, DrawReason, EndedContact, NumberHash

INTERVIEWED: Final = (DrawReason.QUEUED, DrawReason.TRANSFERRED)
"""The contacts that have an interview and count in the figures."""
ONE_CALL: Final = timedelta(days=1)
"""The parts of one call end within this of each other."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided upon a contact, and under what."""

    reason: DrawReason
    day: date
    """The local day whose seed draws."""
    policy_id: int
    share: float | None
    """Of the draw; None where it was not reached."""


@dataclass(frozen=True, slots=True)
class Leg:
    """An earlier part of the same call."""

    contact_id: ContactId
    queue: str
    reason: DrawReason
    day: date | None
    """Whose seed drew; None of one that an older version queued."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A contact that is to be rung, or is being rung."""

    contact_id: ContactId
    source: str
    linked_id: str
    ended_at: datetime
    queue: str


def reason_of(db: Database, source: str, source_call_id: str) -> DrawReason | None:
    """The reason on record; None where this contact has not been decided upon."""
    row = db.execute(
        "SELECT reason FROM contacts WHERE source = ? AND source_call_id = ?", (source, source_call_id)
    ).fetchone()
    return None if row is None else DrawReason(row[0])


def legs_of(db: Database, source: str, linked_id: str, ended_at: datetime) -> tuple[Leg, ...]:
    """The other parts of a call that have been decided upon; none where the PBX does not link them.

    They ended within a day of this one: a PBX that is started anew may count its calls from the beginning again.
    """
    if not linked_id:
        return ()
    rows = db.execute(
        # Without the third condition SQLite does not see that the index of linked contacts holds all of them.
        """SELECT id, queue, reason, draw_day FROM contacts
           WHERE source = ? AND linked_id = ? AND linked_id <> '' AND ended_at BETWEEN ? AND ?""",
        (source, linked_id, to_text(ended_at - ONE_CALL), to_text(ended_at + ONE_CALL)),
    )
    return tuple(
        Leg(ContactId(row[0]), row[1], DrawReason(row[2]), date.fromisoformat(row[3]) if row[3] else None)
        for row in rows
    )


def waiting(db: Database) -> list[Waiting]:
    """The queued contacts whose interviews are not over."""
    rows = db.execute(
        """SELECT c.id, c.source, c.linked_id, c.ended_at, c.queue
           FROM interviews i JOIN contacts c ON c.id = i.contact_id
           WHERE i.state IN ('queued', 'live') AND c.reason = ?""",
        (DrawReason.QUEUED,),
    )
    return [Waiting(ContactId(row[0]), row[1], row[2], from_text(row[3]), row[4]) for row in rows.fetchall()]


def add(
    db: Database, contact: EndedContact, number_hash: NumberHash | None, reason: DrawReason, now: datetime,
    decision: Decision | None = None,
) -> ContactId | None:  # fmt: skip
    """Record a contact and its reason; None where the same contact was recorded before.

    With the decision it becomes the next entry of the day's chain; calls that no funnel saw have none.
    """
    with writing(db):
        entry = digest = None
        if decision:
            today = draws.prepare(db, decision.day, now)
            policy_digest = policies.digest_of(db, decision.policy_id)
            entry = Entry(
                today.decisions + 1, contact.source, contact.source_call_id, contact.queue, reason, decision.share,
                decision.policy_id, policy_digest,
            )  # fmt: skip
            digest = entry.link(today.digest)
        cursor = db.execute(
            """INSERT INTO contacts (source, source_call_id, ended_at, queue, wait_seconds, talk_seconds, direction,
                 answered, number_hash, reason, decided_at, linked_id, draw_day, draw_sequence, share, policy_id,
                 draw_digest)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
               ON CONFLICT (source, source_call_id) DO NOTHING""",
            (
                contact.source,
                contact.source_call_id,
                to_text(contact.ended_at),
                contact.queue,
                contact.wait_seconds,
                contact.talk_seconds,
                contact.direction,
                int(contact.answered),
                number_hash,
                reason,
                to_text(now),
                contact.linked_id,
                decision and decision.day.isoformat(),
                entry and entry.sequence,
                decision and decision.share,
                decision and decision.policy_id,
                digest,
            ),
        )
        if not cursor.rowcount:
            return None
        if decision and entry and digest:
            draws.append(db, decision.day, entry, digest)
        return ContactId(cursor.lastrowid or 0)


def withdraw(db: Database, contact_id: ContactId, reason: DrawReason, day: date, now: datetime) -> None:
    """Let a contact that was queued have been none, on record as an entry of its own in the chain of `day`.

    Its number's hash goes, as of every contact that is not surveyed.
    """
    with writing(db):
        row = db.execute(
            "SELECT source, source_call_id, queue, share, policy_id, reason FROM contacts WHERE id = ?", (contact_id,)
        ).fetchone()
        today, was = draws.prepare(db, day, now), DrawReason(row[5])
        policy_digest = policies.digest_of(db, row[4])
        entry = Entry(today.decisions + 1, row[0], row[1], row[2], reason, row[3], row[4], policy_digest, was)
        digest = entry.link(today.digest)
        db.execute("UPDATE contacts SET reason = ?, number_hash = NULL WHERE id = ?", (reason, contact_id))
        db.execute(
            "INSERT INTO revisions VALUES (?, ?, ?, ?, ?, ?, ?)",
            (contact_id, day.isoformat(), entry.sequence, was, reason, to_text(now), digest),
        )
        draws.append(db, day, entry, digest)


def drawn_since(db: Database, number_hash: NumberHash, since: datetime) -> bool:
    """Whether this number has had an interview, queued or put through, since a moment (the quiet period)."""
    row = db.execute(
        "SELECT 1 FROM contacts WHERE number_hash = ? AND ended_at >= ? AND reason IN (?, ?) LIMIT 1",
        (number_hash, to_text(since), *INTERVIEWED),
    )
    return row.fetchone() is not None


def queues_since(db: Database, since: datetime, at_least: int = 1) -> list[str]:
    """The names of the queues that so many contacts or more have come from, most contacts first."""
    rows = db.execute(
        """SELECT queue FROM contacts WHERE ended_at >= ? AND queue <> ''
           GROUP BY queue HAVING count(*) >= ? ORDER BY count(*) DESC, queue""",
        (to_text(since), at_least),
    )
    return [row[0] for row in rows]


def answered_by_queue(db: Database, since: datetime) -> list[tuple[str, str, int]]:
    """Source, queue and number of the contacts that a citizen began and somebody answered, as the PBX told them."""
    rows = db.execute(
        """SELECT source, queue, count(*) FROM contacts
           WHERE ended_at >= ? AND direction = ? AND answered AND reason NOT IN (?, ?) GROUP BY source, queue""",
        (to_text(since), Direction.INBOUND, DrawReason.TRANSFERRED, DrawReason.TEST_CALL),
    )
    return [(row[0], row[1], row[2]) for row in rows]


def any_since(db: Database, since: datetime) -> bool:
    """Whether any contact has ended since a moment."""
    return db.execute("SELECT 1 FROM contacts WHERE ended_at >= ? LIMIT 1", (to_text(since),)).fetchone() is not None
