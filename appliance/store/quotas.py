"""How many interviews each queue has had since a day: what a quota is measured by."""

from datetime import date
from typing import Final

from appliance.store.database import Database
from appliance.types import ContactId, Outcome

_COUNTS: Final = "(i.state IN ('queued', 'live') OR i.outcome IN (?, ?))"
_WITH_ANSWERS: Final = (Outcome.COMPLETED, Outcome.PARTIAL)


def taken(db: Database, since: date) -> dict[str, int]:
    """By queue: interviews of contacts drawn since a day that wait, are under way or have given answers."""
    rows = db.execute(
        # Left to itself SQLite reads every contact of the period, surveyed or not.
        f"""SELECT c.queue, count(*) FROM contacts c INDEXED BY contacts_queued_on
            CROSS JOIN interviews i ON i.contact_id = c.id
            WHERE c.reason = 'queued' AND c.draw_day >= ? AND {_COUNTS} GROUP BY c.queue""",
        (since.isoformat(), *_WITH_ANSWERS),
    )
    return dict(rows.fetchall())


def counts(db: Database, contact_id: ContactId) -> bool:
    """Whether a queued contact is among those that are counted so."""
    row = db.execute(f"SELECT 1 FROM interviews i WHERE i.contact_id = ? AND {_COUNTS}", (contact_id, *_WITH_ANSWERS))
    return row.fetchone() is not None
