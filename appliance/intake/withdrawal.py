"""Whoever waits to be rung is withdrawn where their call turns out to have been in a denied queue."""

from datetime import date, datetime

from appliance.settings import SelectionPolicy
from appliance.store import Database, contacts, withdrawals, writing
from appliance.types import ContactId, DrawReason


def withdraw(db: Database, contact_id: ContactId, today: date, now: datetime) -> bool:
    """Call the interview off, on record in today's chain; False where it is live or has answers: those stand."""
    with writing(db):
        if not withdrawals.call_off(db, contact_id, now):
            return False
        contacts.withdraw(db, contact_id, DrawReason.DENIED_QUEUE, today, now)
        return True


def withdraw_denied(db: Database, policy: SelectionPolicy, today: date, now: datetime) -> None:
    """A policy has come into force: nobody is rung any more whose call was in a queue that it denies."""
    for one in contacts.waiting(db):
        legs = contacts.legs_of(db, one.source, one.linked_id, one.ended_at)
        if any(map(policy.denies, (one.queue, *(leg.queue for leg in legs)))):
            withdraw(db, one.contact_id, today, now)
