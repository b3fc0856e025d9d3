"""The database's own care."""

from appliance.store.database import Database


def optimise(db: Database) -> None:
    """Refresh the planner's statistics and empty the write-ahead log into the file."""
    db.conn.execute("PRAGMA optimize")
    db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def is_sound(db: Database) -> bool:
    """SQLite's quick check of the whole file."""
    return bool(db.conn.execute("PRAGMA quick_check").fetchone()[0] == "ok")
