"""Interviews whose contact turned out to be none: nobody is rung for them again, nor asked when they ring us."""

from datetime import datetime

from appliance.store.clock import to_text
from appliance.store.database import Database, writing
from appliance.store.interviews import HAS_ANSWERS
from appliance.types import ContactId, InterviewId


def call_off(db: Database, contact_id: ContactId, now: datetime) -> bool:
    """Withdraw a contact's interview and forget the number, down to its hash, where it waits or had no answer.

    False where it is live, and goes on for the last time, or has had answers: those stand, and nobody is asked more.
    """
    with writing(db):
        db.execute(
            "UPDATE interviews SET withdrawn_at = coalesce(withdrawn_at, ?) WHERE contact_id = ?",
            (to_text(now), contact_id),
        )
        cursor = db.execute(
            f"""UPDATE interviews SET state = CASE state WHEN 'queued' THEN 'expired' ELSE state END,
                 ended_at = coalesce(ended_at, ?), number_sealed = NULL, number_hash = randomblob(32)
               WHERE contact_id = ? AND (state = 'queued' OR state <> 'live' AND NOT {HAS_ANSWERS})""",
            (to_text(now), contact_id),
        )
        return bool(cursor.rowcount)


def is_withdrawn(db: Database, interview_id: InterviewId) -> bool:
    """Whether its contact was called off: nobody is rung for it again."""
    row = db.execute("SELECT withdrawn_at FROM interviews WHERE id = ?", (interview_id,)).fetchone()
    return row[0] is not None
