"""What would come of a file of call records, each judged as of the moment it ended: as if it had come in then.

Judged by the clock of today, yesterday's records would be too late to ring, and those of a day that is not over would
not yet have used up its cap.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from appliance.custody.keys import Keys
from appliance.intake.records import Batch
from appliance.intake.register import Register, Verdict
from appliance.settings import Settings
from appliance.store import Database, policies, writing
from appliance.store.rehearsal import Records, rehearsal

_QUOTA_DAYS: Final = 31
_LEG_DAYS: Final = 1


@contextmanager
def dry_run(
    db: Database, keys: Keys, settings: Settings, records: Records
) -> Iterator[Callable[[Batch], list[Verdict]]]:
    """Decides upon batches of these records, and changes nothing in the box."""
    since = records.first - timedelta(days=max(_quiet_days(db, settings), _QUOTA_DAYS) + _LEG_DAYS)
    with rehearsal(db, since, records, settings.storage.memory_directory) as copy:
        box, register = Register(db, keys, settings), Register(copy, keys, settings)

        def decide(batch: Batch) -> list[Verdict]:
            with writing(copy):
                return [
                    box.known(contact) or register.admit(contact, contact.ended_at) for _, contact in batch.contacts
                ]

        yield decide


def _quiet_days(db: Database, settings: Settings) -> int:
    """The longest that may be in force: the file's, or what staff have made of it."""
    last = policies.latest(db)
    return max(settings.dialer.quiet_days, json.loads(last.content)["quiet_days"] if last else 0)
