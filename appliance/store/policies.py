"""The versions of the selection policy: what decided who is surveyed, since when, changed by whom."""

import json
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Final

from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing

_COLUMNS: Final = "id, content, changes, file, since, changed_by"


@dataclass(frozen=True, slots=True)
class PolicyVersion:
    id: int
    content: str
    """The whole policy (JSON)."""
    changes: str
    """What staff have changed on the page, as against the configuration file (JSON)."""
    file: str
    """The whole policy as the configuration file had it (JSON)."""
    since: datetime
    changed_by: str

    @property
    def digest(self) -> str:
        """SHA-256 (hex) over everything in it: part of each decision's place in the chain."""
        written = [self.id, self.content, self.changes, to_text(self.since), self.changed_by]
        return sha256(json.dumps(written, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def latest(db: Database) -> PolicyVersion | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM policies ORDER BY id DESC LIMIT 1").fetchone()
    return None if row is None else _version(row)


def newest(db: Database, limit: int) -> list[PolicyVersion]:
    """The last versions, newest first."""
    rows = db.execute(f"SELECT {_COLUMNS} FROM policies ORDER BY id DESC LIMIT ?", (limit,))
    return [_version(row) for row in rows]


def by_id(db: Database, policy_id: int | None) -> PolicyVersion | None:
    row = db.execute(f"SELECT {_COLUMNS} FROM policies WHERE id = ?", (policy_id,)).fetchone()
    return None if row is None else _version(row)


def digest_of(db: Database, policy_id: int | None) -> str:
    """The version's digest; empty where there is no such version."""
    version = by_id(db, policy_id)
    return version.digest if version else ""


def add(db: Database, content: str, changes: str, file: str, changed_by: str, now: datetime) -> int:
    """Put a new version in force; returns its id."""
    with writing(db):
        cursor = db.execute(
            "INSERT INTO policies (content, changes, file, since, changed_by) VALUES (?, ?, ?, ?, ?)",
            (content, changes, file, to_text(now), changed_by),
        )
        return int(cursor.lastrowid or 0)


def _version(row: tuple[Any, ...]) -> PolicyVersion:
    return PolicyVersion(row[0], row[1], row[2], row[3], from_text(row[4]), row[5])
