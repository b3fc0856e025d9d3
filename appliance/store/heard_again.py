"""Comments to be heard again, as by a better model: until then, and if nothing comes of it, their text stays."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from appliance.store.clock import to_text
from appliance.store.database import Database, writing
from appliance.types import CommentId


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which comments; what is given has to be so."""

    made_by: str | None = None
    """Their text is of this speech model."""
    not_made_by: str | None = None
    is_given_up: bool = False
    """Could not be heard: parked, or asked for again and still with the text that they had."""
    ids: tuple[CommentId, ...] | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What became of the wish."""

    asked: int
    waiting: int
    """They wait to be heard anyway."""
    erased: int
    """Their recordings are no more: their text stays as it is."""


def ask(db: Database, wanted: Wanted, now: datetime) -> Asked:
    """Have comments heard again, after all that are new; a comment that was lost was never kept."""
    clauses, values = _where(wanted)
    with writing(db):
        waiting, erased = db.execute(
            f"""SELECT count(*) FILTER (WHERE c.state = 'recorded' OR c.again_at IS NOT NULL),
                  count(*) FILTER (WHERE c.state <> 'recorded' AND c.again_at IS NULL AND c.file IS NULL)
                FROM comments c LEFT JOIN transcripts t ON t.id = c.transcript_id WHERE {clauses}""",
            values,
        ).fetchone()
        cursor = db.execute(
            f"""UPDATE comments SET again_at = ?, tries = 0, not_before = NULL, fault = NULL
                WHERE state <> 'recorded' AND again_at IS NULL AND file IS NOT NULL AND id IN
                  (SELECT c.id FROM comments c LEFT JOIN transcripts t ON t.id = c.transcript_id WHERE {clauses})""",
            [to_text(now), *values],
        )
        return Asked(cursor.rowcount, waiting, erased)


def _where(wanted: Wanted) -> tuple[str, list[Any]]:
    clauses: list[str] = ["c.state <> 'lost'"]
    values: list[Any] = []
    if wanted.made_by is not None:
        clauses, values = [*clauses, "t.speech_model = ?"], [*values, wanted.made_by]
    if wanted.not_made_by is not None:
        clauses, values = [*clauses, "t.speech_model IS NOT ?"], [*values, wanted.not_made_by]
    if wanted.is_given_up:
        clauses = [*clauses, "(c.state = 'parked' OR (c.state <> 'recorded' AND c.fault IS NOT NULL))"]
    if wanted.ids is not None:
        marks = ",".join("?" * len(wanted.ids))
        clauses, values = [*clauses, f"c.id IN ({marks})"], [*values, *wanted.ids]
    return " AND ".join(clauses), values
