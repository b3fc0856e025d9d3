"""Ended contacts with the one reason why each was surveyed or not."""

from datetime import datetime
from typing import Final

from appliance.store.clock import to_text
from appliance.store.database import Database, writing
from appliance.types import ContactId, DrawReason, EndedContact, NumberHash

INTERVIEWED: Final = (DrawReason.QUEUED, DrawReason.TRANSFERRED)
"""The contacts that have an interview and count in the figures."""


def known(db: Database, source: str, source_call_id: str) -> bool:
    """Whether this contact has already been decided upon."""
    row = db.execute("SELECT 1 FROM contacts WHERE source = ? AND source_call_id = ?", (source, source_call_id))
    return row.fetchone() is not None


def add(
    db: Database, contact: EndedContact, number_hash: NumberHash | None, reason: DrawReason, now: datetime
) -> ContactId | None:
    """Record a contact and its reason; None where the same contact was recorded before."""
    with writing(db):
        cursor = db.execute(
            """INSERT INTO contacts (source, source_call_id, ended_at, queue, wait_seconds, talk_seconds,
                 direction, answered, number_hash, reason, decided_at)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (source, source_call_id) DO NOTHING""",
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
            ),
        )
        return ContactId(cursor.lastrowid or 0) if cursor.rowcount else None


def drawn_since(db: Database, number_hash: NumberHash, since: datetime) -> bool:
    """Whether this number has had an interview, queued or put through, since a moment (the quiet period)."""
    row = db.execute(
        "SELECT 1 FROM contacts WHERE number_hash = ? AND ended_at >= ? AND reason IN (?, ?) LIMIT 1",
        (number_hash, to_text(since), *INTERVIEWED),
    )
    return row.fetchone() is not None
