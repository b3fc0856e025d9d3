"""Numbers that are never rung again, as keyed hashes."""

from datetime import datetime

from appliance.store.clock import to_text
from appliance.store.database import Database, surely, writing
from appliance.types import NumberHash


@surely
def add(db: Database, number_hash: NumberHash, source: str, now: datetime) -> None:
    with writing(db):
        db.execute("INSERT OR IGNORE INTO opt_outs VALUES (?, ?, ?)", (number_hash, to_text(now), source))


def contains(db: Database, number_hash: NumberHash) -> bool:
    row = db.execute("SELECT 1 FROM opt_outs WHERE number_hash = ?", (number_hash,))
    return row.fetchone() is not None
