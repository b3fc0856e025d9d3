"""How many interviews each queue has had since a day: what a quota is measured by."""

from datetime import date

from appliance.store.database import Database
from appliance.types import Outcome


def taken(db: Database, since: date) -> dict[str, int]:
    """By queue: interviews of contacts drawn since a day that wait, are under way or have given answers."""
    rows = db.execute(
        """SELECT c.queue, count(*) FROM contacts c JOIN interviews i ON i.contact_id = c.id
           WHERE c.reason = 'queued' AND c.draw_day >= ? AND (i.state IN ('queued', 'live') OR i.outcome IN (?, ?))
           GROUP BY c.queue""",
        (since.isoformat(), Outcome.COMPLETED, Outcome.PARTIAL),
    )
    return dict(rows.fetchall())
