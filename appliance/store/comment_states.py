"""How far each comment has come, for who looks after the box: never its words, never whose they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from appliance.store.clock import from_text
from appliance.store.database import Database
from appliance.store.transcripts import read_doubts
from appliance.types import CommentId, CommentState, Doubt


@dataclass(frozen=True, slots=True)
class CommentStatus:
    comment_id: CommentId
    recorded_at: datetime
    state: CommentState
    seconds: float
    model: str | None
    """Of speech, that made its text."""
    digest: str | None
    language: str | None
    confidence: float | None
    doubts: frozenset[Doubt]
    texts: int
    """How many it was ever given."""
    tries: int
    """Since it was recorded, or asked for again."""
    fault: str | None
    is_asked_again: bool
    has_recording: bool


def statuses(db: Database, state: CommentState | None, limit: int | None) -> Iterator[CommentStatus]:
    """The newest first."""
    rows = db.execute(
        """SELECT c.id, c.recorded_at, c.state, c.seconds, t.speech_model, t.speech_model_digest, t.language,
             t.confidence, t.doubts, (SELECT count(*) FROM transcripts WHERE comment_id = c.id), c.tries, c.fault,
             c.again_at IS NOT NULL, c.file IS NOT NULL
           FROM comments c LEFT JOIN transcripts t ON t.id = c.transcript_id
           WHERE ?1 IS NULL OR c.state = ?1 ORDER BY c.recorded_at DESC, c.id DESC LIMIT ?2""",
        (state, -1 if limit is None else limit),
    )
    for id_, at, is_in, seconds, model, digest, language, sure, doubts, texts, tries, fault, again, kept in rows:
        yield CommentStatus(
            CommentId(id_), from_text(at), CommentState(is_in), seconds, model, digest, language, sure,
            read_doubts(doubts), texts, tries, fault, bool(again), bool(kept),
        )  # fmt: skip


def speech_models(db: Database) -> dict[str, int]:
    """Each model that comments' present texts were made by, with how many."""
    rows = db.execute(
        """SELECT t.speech_model, count(*) FROM comments c JOIN transcripts t ON t.id = c.transcript_id
           WHERE t.speech_model IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1"""
    )
    return dict(rows.fetchall())


def unknown(db: Database, ids: tuple[CommentId, ...]) -> list[CommentId]:
    """Those of the ids that no comment has."""
    marks = ",".join("?" * len(ids))
    known = {row[0] for row in db.execute(f"SELECT id FROM comments WHERE id IN ({marks})", ids)}
    return [id_ for id_ in ids if id_ not in known]
