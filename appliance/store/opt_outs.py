"""Numbers that are never rung again, as keyed hashes. Of each the last change stands: blocked, or lifted again.

Only `custody.opt_outs` writes here: what is on its ledger first survives a restore of this database.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appliance.store import interviews
from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing
from appliance.types import NumberHash


@dataclass(frozen=True, slots=True)
class Change:
    """One number blocked, or its block lifted."""

    number_hash: NumberHash
    at: datetime
    """To the millisecond, as it is stored."""
    is_blocked: bool
    source: str
    changed_by: str = ""
    """The account that did it; empty where the citizen did."""

    @property
    def rank(self) -> tuple[datetime, bool]:
        """Of two changes of one number the one of higher rank stands: the later; at one moment the block."""
        return self.at, self.is_blocked


@dataclass(frozen=True, slots=True)
class Merged:
    """How far which ledger has been taken in."""

    ledger: str
    length_bytes: int


_COLUMNS = "number_hash, changed_at, is_blocked, source, changed_by"


def contains(db: Database, number_hash: NumberHash) -> bool:
    row = db.execute("SELECT 1 FROM opt_outs WHERE number_hash = ? AND is_blocked", (number_hash,))
    return row.fetchone() is not None


def last(db: Database, number_hash: NumberHash) -> Change | None:
    """What stands of a number; None where nobody has ever blocked it."""
    row = db.execute(f"SELECT {_COLUMNS} FROM opt_outs WHERE number_hash = ?", (number_hash,)).fetchone()
    return _change(row) if row else None


def every(db: Database) -> Iterator[Change]:
    """What stands of each number."""
    return map(_change, db.execute(f"SELECT {_COLUMNS} FROM opt_outs"))


def newest(db: Database, limit: int) -> list[Change]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM opt_outs ORDER BY changed_at DESC LIMIT ?", (limit,))
    return [_change(row) for row in rows]


def put(db: Database, changes: Iterable[Change], now: datetime) -> None:
    """Let each change stand unless a later one does; who is blocked and waits to be rung is called off."""
    rows = (
        (change.number_hash, to_text(change.at), int(change.is_blocked), change.source, change.changed_by)
        for change in changes
    )
    with writing(db):
        db.conn.executemany(
            f"""INSERT INTO opt_outs ({_COLUMNS}) VALUES (?, ?, ?, ?, ?)
               ON CONFLICT (number_hash) DO UPDATE SET changed_at = excluded.changed_at,
                 is_blocked = excluded.is_blocked, source = excluded.source, changed_by = excluded.changed_by
               WHERE (excluded.changed_at, excluded.is_blocked) > (opt_outs.changed_at, opt_outs.is_blocked)""",
            rows,
        )
        interviews.close_opted_out(db, now)


def count(db: Database) -> int:
    """How many numbers are blocked now."""
    return int(db.execute("SELECT count(*) FROM opt_outs WHERE is_blocked").fetchone()[0])


def count_by_source(db: Database, begin: datetime, end: datetime) -> dict[str, int]:
    """Of the numbers that are blocked now, how many have been since a moment within [begin, end)."""
    rows = db.execute(
        "SELECT source, count(*) FROM opt_outs WHERE is_blocked AND changed_at >= ? AND changed_at < ? GROUP BY source",
        (to_text(begin), to_text(end)),
    )
    return dict(rows.fetchall())


def first_at(db: Database) -> datetime | None:
    """Since when the number longest blocked has been."""
    found = db.execute("SELECT min(changed_at) FROM opt_outs WHERE is_blocked").fetchone()[0]
    return from_text(found) if found else None


def merged(db: Database) -> Merged | None:
    """None where no ledger has been taken in, or not all that is known here is on one."""
    row = db.execute("SELECT ledger, merged_bytes FROM opt_outs_ledger").fetchone()
    return Merged(row[0], row[1]) if row else None


def set_merged(db: Database, merged: Merged | None) -> None:
    with writing(db):
        db.execute("DELETE FROM opt_outs_ledger")
        if merged:
            db.execute("INSERT INTO opt_outs_ledger VALUES (1, ?, ?)", (merged.ledger, merged.length_bytes))


def _change(row: tuple[Any, ...]) -> Change:
    return Change(NumberHash(row[0]), from_text(row[1]), bool(row[2]), row[3], row[4])
