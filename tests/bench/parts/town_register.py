"""A store with years of contacts in it, made in minutes: the box's own schema, filled by a few large statements."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.store import Database, database_path, open_store

YEARS: Final = 3
QUEUES: Final = ("Växel", "Bygg och bo", "Skola", "Miljö", "Socialtjänst")
_CACHE_KIB: Final = 2_000_000
_QUEUED_ONE_IN: Final = 20

_CONTACTS: Final = """
WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < :count)
INSERT INTO contacts (source, source_call_id, ended_at, queue, wait_seconds, talk_seconds, direction, answered,
  number_hash, reason, decided_at, linked_id, draw_day, draw_sequence, share, policy_id)
SELECT 'pbx-' || i % 4, lower(hex(randomblob(16))), at, queue, 30, 120, 'inbound', 1,
  CASE WHEN i % :one_in = 0 THEN randomblob(32) END, CASE WHEN i % :one_in = 0 THEN 'queued' ELSE 'not_drawn' END,
  at, lower(hex(randomblob(8))), substr(at, 1, 10), i, 0.25, 1
FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%S+00:00', :begin + i * :step, 'unixepoch') AS at,
  json_extract(:queues, '$[' || abs(random() % 5) || ']') AS queue FROM n)"""
_INTERVIEWS: Final = """
INSERT INTO interviews (contact_id, language, number_hash, state, due_at, latest_at, rings, ended_at, outcome)
SELECT id, 'sv', number_hash, 'over', ended_at, ended_at, 1, ended_at,
  CASE id % 3 WHEN 0 THEN 'completed' WHEN 1 THEN 'partial' ELSE 'no_answer' END
FROM contacts WHERE reason = 'queued'"""
_DAYS: Final = """
INSERT INTO draw_days (day, seed, decisions, queued, digest)
SELECT draw_day, randomblob(32), max(draw_sequence), sum(reason = 'queued'), randomblob(32)
FROM contacts GROUP BY draw_day"""


@dataclass(frozen=True)
class Filled:
    contacts: int
    seconds: float
    mib: float


def fill(directory: Path, contacts: int) -> Filled:
    """Make the store; its last contact ended a moment ago."""
    begun = time.monotonic()
    db = open_store(directory)
    begin = datetime.now(UTC) - timedelta(days=365 * YEARS)
    for pragma in (
        "synchronous = OFF",
        f"cache_size = -{_CACHE_KIB}",
        "foreign_keys = OFF",
        "locking_mode = EXCLUSIVE",
    ):
        db.execute(f"PRAGMA {pragma}")
    db.execute("PRAGMA journal_mode = OFF")
    indexes = _without_indexes(db)
    db.conn.isolation_level = None
    db.execute("BEGIN")
    db.execute(
        "INSERT INTO policies (id, content, changes, file, since, changed_by) VALUES (1, '', '{}', '', ?, 'bench')",
        (begin.isoformat(),),
    )
    step = 365 * YEARS * 86_400 / contacts
    names = "[" + ",".join(f'"{queue}"' for queue in QUEUES) + "]"
    values = {"count": contacts, "one_in": _QUEUED_ONE_IN, "begin": begin.timestamp(), "step": step, "queues": names}
    db.execute(_CONTACTS, values)
    db.execute(_INTERVIEWS)
    db.execute(_DAYS)
    for index in indexes:
        db.execute(index)
    db.execute("COMMIT")
    db.execute("PRAGMA journal_mode = WAL")
    db.close()
    return Filled(contacts, time.monotonic() - begun, database_path(directory).stat().st_size / 2**20)


def _without_indexes(db: Database) -> list[str]:
    """Drop the indexes of what is filled; gives back what makes them again."""
    rows = db.execute(
        """SELECT name, sql FROM sqlite_master
           WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ('contacts', 'interviews')"""
    ).fetchall()
    for name, _ in rows:
        db.execute(f"DROP INDEX {name}")
    return [sql for _, sql in rows]
