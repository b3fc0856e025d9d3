"""The seed of each day's draw."""

import secrets
from datetime import date

from appliance.store.database import Database, writing


def seed_of(db: Database, day: date) -> bytes:
    """The day's seed (32 bytes), made at its first use and never changed."""
    with writing(db):
        db.execute("INSERT OR IGNORE INTO draw_days VALUES (?, ?)", (day.isoformat(), secrets.token_bytes(32)))
        row = db.execute("SELECT seed FROM draw_days WHERE day = ?", (day.isoformat(),)).fetchone()
        return bytes(row[0])
