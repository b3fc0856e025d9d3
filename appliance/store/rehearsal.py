"""A copy of what selection looks at, to try something out in: the box is neither changed nor kept waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from appliance.store.clock import to_text
from appliance.store.contacts import INTERVIEWED, ONE_CALL
from appliance.store.database import Database, database_path, open_store

_WHOLE: Final = ("policies", "draw_days", "opt_outs", "questionnaires")
_NEEDED: Final = (
    # Who was surveyed, for the quiet period and the quotas; of the others only what may be another part of a call.
    "INSERT INTO rehearsal.contacts SELECT * FROM main.contacts WHERE ended_at >= :since AND reason IN (:was, :or_was)",
    """INSERT INTO rehearsal.contacts SELECT * FROM main.contacts
       WHERE source = :source AND linked_id <> '' AND ended_at BETWEEN :first AND :last
         AND NOT (ended_at >= :since AND reason IN (:was, :or_was))""",
    """INSERT INTO rehearsal.interviews SELECT i.* FROM main.interviews i
       JOIN rehearsal.contacts c ON c.id = i.contact_id""",
    "UPDATE rehearsal.interviews SET number_sealed = NULL",
)


@dataclass(frozen=True, slots=True)
class Records:
    """What is to be tried out: a source's records between two moments."""

    source: str
    first: datetime
    last: datetime


@contextmanager
def rehearsal(db: Database, since: datetime, records: Records, memory_directory: Path) -> Iterator[Database]:
    """A store with whom records are judged by, surveyed since a moment, without numbers; in memory, gone at the end.

    Live recordings need that memory: contacts that nothing is judged by are not copied.
    """
    values = {
        "since": to_text(since),
        "was": INTERVIEWED[0],
        "or_was": INTERVIEWED[1],
        "source": records.source,
        "first": to_text(records.first - ONE_CALL),
        "last": to_text(records.last + ONE_CALL),
    }
    with TemporaryDirectory(prefix="efterklang-", dir=memory_directory) as folder:
        copy = open_store(Path(folder))
        try:
            db.execute("ATTACH DATABASE ? AS rehearsal", (str(database_path(Path(folder))),))
            try:
                for table in _WHOLE:
                    db.execute(f"INSERT INTO rehearsal.{table} SELECT * FROM main.{table}")
                for statement in _NEEDED:
                    db.execute(statement, values)
                db.conn.commit()
            finally:
                db.execute("DETACH DATABASE rehearsal")
            yield copy
        finally:
            copy.close()
