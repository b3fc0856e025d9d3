"""Lines that could not be read, with the reason: the newest of each source."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing

_KEPT_OF_A_SOURCE: Final = 1000


@dataclass(frozen=True, slots=True)
class RejectedLine:
    line: int
    """In its connection, from 1."""
    reason: str
    masked: str
    """Its shape: 0 for a digit, x for a letter."""


def add(db: Database, source: str, lines: Iterable[RejectedLine], now: datetime) -> None:
    """Keep them in place of the oldest, within the transaction that counts them."""
    with writing(db):
        db.conn.executemany(
            "INSERT INTO rejected_lines (source, rejected_at, line, reason, masked) VALUES (?, ?, ?, ?, ?)",
            [(source, to_text(now), each.line, each.reason, each.masked) for each in lines],
        )
        db.execute(
            """DELETE FROM rejected_lines WHERE source = :source AND id <= (
                 SELECT id FROM rejected_lines WHERE source = :source ORDER BY id DESC LIMIT 1 OFFSET :kept)""",
            {"source": source, "kept": _KEPT_OF_A_SOURCE},
        )


def newest(db: Database, source: str | None, count: int) -> Iterator[tuple[str, datetime, RejectedLine]]:
    """Source, time and line; the newest first. Of every source where none is named."""
    rows = db.execute(
        """SELECT source, rejected_at, line, reason, masked FROM rejected_lines
           WHERE :source IS NULL OR source = :source ORDER BY id DESC LIMIT :count""",
        {"source": source, "count": count},
    )
    for row in rows:
        yield row[0], from_text(row[1]), RejectedLine(row[2], row[3], row[4])
