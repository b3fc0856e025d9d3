"""The versions of the selection policy: what decided who is surveyed, since when, changed by whom."""

from dataclasses import dataclass
from datetime import datetime

from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    id: int
    content: str
    """The whole policy (JSON)."""
    changes: str
    """What staff have changed on the page, as against the configuration file (JSON)."""
    since: datetime
    changed_by: str


def latest(db: Database) -> PolicyVersion | None:
    row = db.execute("SELECT id, content, changes, since, changed_by FROM policies ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else PolicyVersion(row[0], row[1], row[2], from_text(row[3]), row[4])


def add(db: Database, content: str, changes: str, changed_by: str, now: datetime) -> int:
    """Put a new version in force; returns its id."""
    with writing(db):
        cursor = db.execute(
            "INSERT INTO policies (content, changes, since, changed_by) VALUES (?, ?, ?, ?)",
            (content, changes, to_text(now), changed_by),
        )
        return int(cursor.lastrowid or 0)


def content_of(db: Database, policy_id: int) -> str:
    return str(db.execute("SELECT content FROM policies WHERE id = ?", (policy_id,)).fetchone()[0])
