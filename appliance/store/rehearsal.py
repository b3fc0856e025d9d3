"""A copy of what selection looks at, to try something out in: the box is neither changed nor kept waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from appliance.store.clock import to_text
from appliance.store.database import Database, database_path, open_store

_WHOLE: Final = ("policies", "draw_days", "opt_outs", "questionnaires")
_SINCE: Final = (
    "INSERT INTO rehearsal.contacts SELECT * FROM main.contacts WHERE ended_at >= :since",
    """INSERT INTO rehearsal.interviews SELECT i.* FROM main.interviews i
       JOIN rehearsal.contacts c ON c.id = i.contact_id""",
    "UPDATE rehearsal.interviews SET number_sealed = NULL",
)


@contextmanager
def rehearsal(db: Database, since: datetime, memory_directory: Path) -> Iterator[Database]:
    """A store with the contacts that have ended since a moment, without their numbers; in memory, gone at the end."""
    with TemporaryDirectory(prefix="efterklang-", dir=memory_directory) as folder:
        copy = open_store(Path(folder))
        try:
            db.execute("ATTACH DATABASE ? AS rehearsal", (str(database_path(Path(folder))),))
            try:
                for table in _WHOLE:
                    db.execute(f"INSERT INTO rehearsal.{table} SELECT * FROM main.{table}")
                for statement in _SINCE:
                    db.execute(statement, {"since": to_text(since)} if ":since" in statement else {})
                db.conn.commit()
            finally:
                db.execute("DETACH DATABASE rehearsal")
            yield copy
        finally:
            copy.close()
