"""The database's own care."""

from appliance.store.database import Database


def optimise(db: Database) -> None:
    """Refresh the planner's statistics and empty the write-ahead log into the file."""
    db.conn.execute("PRAGMA optimize")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
