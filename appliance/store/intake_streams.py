"""How far each kept connection has been decided upon, so that a crash neither loses a record nor counts it twice."""

from collections.abc import Collection
from dataclasses import dataclass

from appliance.store.database import Database, writing


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a stream."""

    done_bytes: int = 0
    done_frames: int = 0
    is_in_too_long: bool = False
    """Within a frame that is too long to be read: the rest of it is passed over."""


def mark_of(db: Database, stream: str) -> Mark:
    """The beginning where nothing has been decided upon."""
    row = db.execute(
        "SELECT done_bytes, done_frames, is_in_too_long FROM intake_streams WHERE name = ?", (stream,)
    ).fetchone()
    return Mark() if row is None else Mark(row[0], row[1], bool(row[2]))


def set_mark(db: Database, stream: str, mark: Mark) -> None:
    """Remember the place; within the transaction that decides upon what comes before it."""
    with writing(db):
        db.execute(
            "INSERT OR REPLACE INTO intake_streams VALUES (?, ?, ?, ?)",
            (stream, mark.done_bytes, mark.done_frames, int(mark.is_in_too_long)),
        )


def forget(db: Database, stream: str) -> None:
    """The connection is over."""
    with writing(db):
        db.execute("DELETE FROM intake_streams WHERE name = ?", (stream,))


def keep_only(db: Database, streams: Collection[str]) -> None:
    """Forget the places in all others: their connections did not outlive the machine, or its service manager."""
    with writing(db):
        for (name,) in db.execute("SELECT name FROM intake_streams").fetchall():
            if name not in streams:
                forget(db, name)
