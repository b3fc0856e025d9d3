"""The database's own care."""

from typing import Final

from appliance.store.database import Database

_ROWS_LOOKED_AT: Final = 1_000
"""Of each index: enough to choose by, and soon done."""
_LARGE: Final = ("contacts", "interviews", "attempts")
"""Tables that grow for years."""


def optimise(db: Database) -> None:
    """Refresh the planner's statistics and empty the write-ahead log into the file."""
    db.conn.execute(f"PRAGMA analysis_limit = {_ROWS_LOOKED_AT}")
    for table in _LARGE:
        db.conn.execute(f"ANALYZE {table}")
    db.conn.execute("PRAGMA optimize")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
