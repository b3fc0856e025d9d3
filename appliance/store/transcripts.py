"""What was made of a comment's words: every text that it was given, by which models, and how sure they were."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from appliance.store.clock import from_text, to_text
from appliance.store.database import Database
from appliance.types import LEAST_CONFIDENCE, CommentId, Doubt


@dataclass(frozen=True, slots=True)
class Transcribed:
    """A comment's text and what is known about it; text and words are sealed."""

    text_sealed: bytes | None
    words_sealed: bytes | None
    """Each word with its confidence; None in texts that were made before 0.4.0."""
    language: str | None
    """What was spoken, as an ISO 639 code; not always a language that the questionnaire has."""
    confidence: float | None
    """0–1: the share of the words that is likely to be right."""
    doubts: frozenset[Doubt]
    speech_model: str | None
    speech_model_digest: str | None
    opinions_model: str | None

    @property
    def is_uncertain(self) -> bool:
        """Whether the text may well not be what was said; IS_UNCERTAIN says the same to a query."""
        return bool(self.doubts) or (self.confidence is not None and self.confidence < LEAST_CONFIDENCE)


@dataclass(frozen=True, slots=True)
class KeptText:
    """One text of a comment's history."""

    made_at: datetime
    transcribed: Transcribed


_NAMES: Final = (
    *("text_sealed", "words_sealed", "language", "confidence", "doubts"),
    *("speech_model", "speech_model_digest", "opinions_model"),
)
COLUMNS: Final = ", ".join(f"t.{name}" for name in _NAMES)
IS_UNCERTAIN: Final = f"(t.doubts <> '' OR t.confidence < {LEAST_CONFIDENCE})"
"""For queries that call the table t."""


def from_row(row: Iterable[object]) -> Transcribed:
    """Of a row's values in the order of COLUMNS."""
    text, words, language, confidence, doubts, *models = row
    return Transcribed(text, words, language, confidence, read_doubts(doubts), *models)  # type: ignore[arg-type]  # SQLite's


def read_doubts(stored: object) -> frozenset[Doubt]:
    return frozenset(Doubt(each) for each in str(stored or "").split())


def insert(db: Database, comment_id: CommentId, made: Transcribed, now: datetime) -> int:
    """Add a text to a comment's history, within the caller's transaction; its id."""
    cursor = db.execute(
        f"INSERT INTO transcripts (comment_id, made_at, {', '.join(_NAMES)}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            comment_id,
            to_text(now),
            made.text_sealed,
            made.words_sealed,
            made.language,
            made.confidence,
            " ".join(sorted(made.doubts)),
            made.speech_model,
            made.speech_model_digest,
            made.opinions_model,
        ),
    )
    return int(cursor.lastrowid or 0)


def of_comments(db: Database, comment_ids: Sequence[CommentId]) -> dict[CommentId, tuple[KeptText, ...]]:
    """Every text that some comments were given, the newest first."""
    marks = ",".join("?" * len(comment_ids))
    rows = db.execute(
        f"""SELECT t.comment_id, t.made_at, {COLUMNS} FROM transcripts t
            WHERE t.comment_id IN ({marks}) ORDER BY t.comment_id, t.id DESC""",
        tuple(comment_ids),
    )
    found: dict[CommentId, tuple[KeptText, ...]] = dict.fromkeys(comment_ids, ())
    for comment_id, made_at, *rest in rows:
        found[comment_id] += (KeptText(from_text(made_at), from_row(rest)),)
    return found
