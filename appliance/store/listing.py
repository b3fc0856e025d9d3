"""Comments as a list, newest first, each with what the page shows beside it."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final

from appliance.store import transcripts
from appliance.store.clock import from_text, to_text
from appliance.store.comments import Recording, opinions_of
from appliance.store.contacts import INTERVIEWED
from appliance.store.database import Database
from appliance.store.figures import Span
from appliance.store.transcripts import IS_UNCERTAIN, KeptText
from appliance.types import Area, CommentId, CommentState, Language, Opinion, Tonality


@dataclass(frozen=True, slots=True)
class ListedComment:
    comment_id: CommentId
    recorded_at: datetime
    seconds: float
    queue: str
    language: Language
    """Of the interview, and so most likely of the comment."""
    recording: Recording | None
    """None where the recording was erased; then the text cannot be opened either."""
    texts: tuple[KeptText, ...]
    """The newest first; the others are older models'."""
    level_dbfs: float | None
    clipped_share: float | None
    opinions: tuple[Opinion, ...]


class TextKind(StrEnum):
    """Texts that staff look at with more care than others."""

    UNCERTAIN = "uncertain"
    FOREIGN = "foreign"
    """In another language than the one in which opinions are found."""


@dataclass(frozen=True, slots=True)
class CommentFilter:
    """What is asked for; None is anything."""

    span: Span
    area: Area | None = None
    tonality: Tonality | None = None
    text: TextKind | None = None
    older_than: CommentId | None = None


_TEXT_KINDS: Final = {
    TextKind.UNCERTAIN: IS_UNCERTAIN,
    TextKind.FOREIGN: f"coalesce(t.language, i.language) <> '{Language.SWEDISH}'",
}


def _where(wanted: CommentFilter) -> tuple[str, list[str | int]]:
    clauses = ["m.state = ?", "c.reason IN (?, ?)", "c.ended_at >= ?", "c.ended_at < ?"]
    values: list[str | int] = [
        CommentState.DONE,
        *INTERVIEWED,
        to_text(wanted.span.begin),
        to_text(wanted.span.end),
    ]
    if wanted.area or wanted.tonality:
        named = [(column, value) for column, value in (("area", wanted.area), ("tonality", wanted.tonality)) if value]
        matches = " AND ".join(f"o.{column} = ?" for column, _ in named)
        clauses.append(f"EXISTS (SELECT 1 FROM opinions o WHERE o.comment_id = m.id AND {matches})")
        values += [value for _, value in named]
    if wanted.text:
        clauses.append(_TEXT_KINDS[wanted.text])
    return " AND ".join(clauses), values


_FROM: Final = (
    "FROM comments m JOIN interviews i ON i.id = m.interview_id JOIN contacts c ON c.id = i.contact_id "
    "LEFT JOIN transcripts t ON t.id = m.transcript_id WHERE "
)


def count_listed(db: Database, wanted: CommentFilter) -> int:
    """How many understood comments there are, on all pages of the list."""
    clauses, values = _where(replace(wanted, older_than=None))
    return int(db.execute(f"SELECT count(*) {_FROM} {clauses}", values).fetchone()[0])


def list_comments(db: Database, wanted: CommentFilter, limit: int) -> list[ListedComment]:
    """The newest understood comments, at most `limit`; `older_than` goes on where a page ended."""
    clauses, values = _where(wanted)
    if wanted.older_than is not None:
        clauses += " AND (m.recorded_at, m.id) < (SELECT recorded_at, id FROM comments WHERE id = ?)"
        values.append(wanted.older_than)
    rows = db.execute(
        f"""SELECT m.id, m.recorded_at, m.seconds, c.queue, i.language, m.file, m.key_wrapped,
              m.level_dbfs, m.clipped_share
            {_FROM} {clauses}
            ORDER BY m.recorded_at DESC, m.id DESC LIMIT ?""",
        [*values, limit],
    ).fetchall()
    ids = [CommentId(row[0]) for row in rows]
    opinions, texts = opinions_of(db, ids), transcripts.of_comments(db, ids)
    return [
        ListedComment(
            CommentId(row[0]),
            from_text(row[1]),
            row[2],
            row[3],
            Language(row[4]),
            Recording(row[5], row[6], row[2]) if row[5] and row[6] else None,
            texts[CommentId(row[0])],
            row[7],
            row[8],
            opinions[CommentId(row[0])],
        )
        for row in rows
    ]
