"""How many interviews each queue has had: read once a batch, then counted along, for nobody else queues meanwhile."""

from collections import Counter
from datetime import date

from appliance.settings import queue_key
from appliance.store import Database, quotas


class Taken:
    """Within one transaction."""

    def __init__(self, db: Database) -> None:
        self._db = db
        self._since: dict[date, Counter[str]] = {}

    def of(self, queue: str, since: date) -> int:
        """Of contacts drawn since a day; queues are the same in whatever case they are written."""
        if since not in self._since:
            counts: Counter[str] = Counter()
            for name, count in quotas.taken(self._db, since).items():
                counts[queue_key(name)] += count
            self._since[since] = counts
        return self._since[since][queue_key(queue)]

    def add(self, queue: str) -> None:
        """One more has been queued today."""
        for counts in self._since.values():
            counts[queue_key(queue)] += 1

    def remove(self, queue: str, day: date) -> None:
        """One that counted, drawn on a day, has been called off."""
        for since, counts in self._since.items():
            if day >= since:
                counts[queue_key(queue)] -= 1
