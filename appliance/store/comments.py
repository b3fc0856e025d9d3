"""Spoken comments: where the encrypted sound lies, and what the analyst made of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from appliance.store import transcripts
from appliance.store.clock import to_text
from appliance.store.database import Database, surely, writing
from appliance.store.transcripts import Transcribed
from appliance.types import Area, CommentId, CommentState, InterviewId, Opinion, Tonality


@dataclass(frozen=True, slots=True)
class Recording:
    """An encrypted recording: its file's name, its wrapped key, its length."""

    file: str
    key_wrapped: bytes
    seconds: float


@dataclass(frozen=True, slots=True)
class StoredComment:
    comment_id: CommentId
    state: CommentState
    recorded_at: str
    seconds: float
    recording: Recording | None
    """None where the recording was lost or erased."""
    transcript: Transcribed | None
    """What was made of it last."""
    opinions: tuple[Opinion, ...]


def add(
    db: Database,
    interview_id: InterviewId,
    recording: Recording,
    now: datetime,
    level_dbfs: float | None = None,
    clipped_share: float | None = None,
) -> CommentId:
    """Queue a recording for the analyst, with how loud its speech was."""
    with writing(db):
        cursor = db.execute(
            """INSERT INTO comments
                 (interview_id, state, recorded_at, seconds, file, key_wrapped, level_dbfs, clipped_share)
               VALUES (?, ?, ?, ?, ?, ?, ?, ?)""",
            (
                interview_id,
                CommentState.RECORDED,
                to_text(now),
                recording.seconds,
                recording.file,
                recording.key_wrapped,
                level_dbfs,
                clipped_share,
            ),
        )
        return CommentId(cursor.lastrowid or 0)


@surely
def add_lost(db: Database, interview_id: InterviewId, now: datetime) -> None:
    """A comment was spoken but could not be kept."""
    with writing(db):
        db.execute(
            "INSERT OR IGNORE INTO comments (interview_id, state, recorded_at, seconds) VALUES (?, ?, ?, 0)",
            (interview_id, CommentState.LOST, to_text(now)),
        )


def finish(
    db: Database,
    comment_id: CommentId,
    state: CommentState,
    made: Transcribed,
    opinions: Sequence[Opinion],
    now: datetime,
    worker: str | None = None,
) -> bool:
    """Keep what the analyst found, all of it or nothing; texts made before stay in the comment's history.

    Nothing where the recording was erased meanwhile, or where it is no longer the worker that has the lease.
    """
    with writing(db):
        kept = db.execute(
            """UPDATE comments SET state = ?, done_at = ?, leased_by = NULL, leased_until = NULL, again_at = NULL,
                 not_before = NULL, fault = NULL
               WHERE id = ? AND file IS NOT NULL AND (? IS NULL OR leased_by = ?)""",
            (state, to_text(now), comment_id, worker, worker),
        )
        if not kept.rowcount:
            ended = "UPDATE comments SET leased_by = NULL, leased_until = NULL WHERE id = ? AND leased_by = ?"
            db.execute(ended, (comment_id, worker))
            return False
        transcript_id = transcripts.insert(db, comment_id, made, now)
        db.execute("UPDATE comments SET transcript_id = ? WHERE id = ?", (transcript_id, comment_id))
        db.execute("DELETE FROM opinions WHERE comment_id = ?", (comment_id,))
        for opinion in opinions:
            db.execute(
                "INSERT INTO opinions VALUES (?, ?, ?, ?)",
                (comment_id, opinion.area, opinion.tonality, opinion.score),
            )
        return True


def opinions_of(db: Database, comment_ids: Sequence[CommentId]) -> dict[CommentId, tuple[Opinion, ...]]:
    """The opinions of some comments, surest first."""
    marks = ",".join("?" * len(comment_ids))
    rows = db.execute(
        f"SELECT comment_id, area, tonality, score FROM opinions WHERE comment_id IN ({marks}) ORDER BY score DESC",
        tuple(comment_ids),
    )
    found: dict[CommentId, tuple[Opinion, ...]] = dict.fromkeys(comment_ids, ())
    for comment_id, area, tonality, score in rows:
        found[comment_id] += (Opinion(Area(area), Tonality(tonality), score),)
    return found


def of_interview(db: Database, interview_id: InterviewId) -> StoredComment | None:
    row = db.execute(
        f"""SELECT m.id, m.state, m.recorded_at, m.seconds, m.file, m.key_wrapped, t.id, {transcripts.COLUMNS}
            FROM comments m LEFT JOIN transcripts t ON t.id = m.transcript_id WHERE m.interview_id = ?""",
        (interview_id,),
    ).fetchone()
    if row is None:
        return None
    comment_id = CommentId(row[0])
    opinions = opinions_of(db, [comment_id])[comment_id]
    recording = Recording(row[4], row[5], row[3]) if row[4] and row[5] else None
    transcript = transcripts.from_row(row[7:]) if row[6] else None
    return StoredComment(comment_id, CommentState(row[1]), row[2], row[3], recording, transcript, opinions)


def count_by_state(db: Database) -> dict[CommentState, int]:
    rows = db.execute("SELECT state, count(*) FROM comments GROUP BY state").fetchall()
    return {CommentState(state): count for state, count in rows}


def lost_since(db: Database, since: datetime) -> int:
    """How many comments could not be kept from a moment on."""
    row = db.execute(
        "SELECT count(*) FROM comments WHERE state = ? AND recorded_at >= ?", (CommentState.LOST, to_text(since))
    ).fetchone()
    return int(row[0])


def latest_levels(db: Database, since: datetime, limit: int) -> list[tuple[float, float]]:
    """Level in dBFS and clipped share of the newest comments since a moment, at most `limit` of them."""
    rows = db.execute(
        """SELECT level_dbfs, clipped_share FROM comments
           WHERE level_dbfs IS NOT NULL AND recorded_at >= ? ORDER BY recorded_at DESC LIMIT ?""",
        (to_text(since), limit),
    )
    return [(level, clipped) for level, clipped in rows]


def files(db: Database) -> set[str]:
    """The names of all recordings that the store knows."""
    return {row[0] for row in db.execute("SELECT file FROM comments WHERE file IS NOT NULL")}
