"""Comments on their way through the analyst: new ones, and those to be heard again. A lease says who has one.

Every lease is a try. A comment that has failed is taken alone, after those that have not, so that it takes nobody down
with it; after the last try it is parked, or stays with the text that it had.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from appliance.store.clock import from_optional, to_text
from appliance.store.comments import Recording
from appliance.store.database import Database, writing
from appliance.types import CommentId, CommentState, Language

DIED: Final = "the analyst died while it worked on it"


@dataclass(frozen=True, slots=True)
class Terms:
    """How comments are lent."""

    most_tries: int = 3
    lease: timedelta = timedelta(minutes=2)
    lease_per_second: timedelta = timedelta(seconds=10)
    """Of sound: what a slow processor needs with a large model, several times over."""
    pauses: tuple[timedelta, ...] = (timedelta(seconds=10), timedelta(seconds=60))
    """After the first failure, and after each later one."""

    def pause(self, tries: int) -> timedelta:
        return self.pauses[min(tries, len(self.pauses)) - 1]


TERMS: Final = Terms()


@dataclass(frozen=True, slots=True)
class CommentLease:
    comment_id: CommentId
    recording: Recording
    language: Language
    """Of the interview, and so most likely of the comment."""
    tries: int
    is_again: bool
    """It was asked for again."""


@dataclass(frozen=True, slots=True)
class CommentQueue:
    """What the analyst has before it, and what it could not do."""

    waiting: int
    """Not heard yet."""
    waiting_seconds: float
    """Of sound in them."""
    in_hand: int
    """Of them, those that an analyst hears right now."""
    oldest_at: datetime | None
    """When the oldest of them was recorded."""
    again: int
    """Heard before, and asked for again."""
    again_seconds: float
    parked: int
    """Could not be heard, and nobody has asked for them again; what is erased is nobody's task any more."""
    faults: dict[str, int]
    """Why, with how many: of the parked."""
    again_faults: dict[str, int]
    """Why, with how many: of those that were asked for again in vain, keep their text, and can still be heard."""


_FREE: Final = """file IS NOT NULL AND tries < :most AND (leased_by IS NULL OR leased_until < :now)
  AND (not_before IS NULL OR not_before <= :now OR not_before > :latest)"""
"""A pause that ends later than any pause may was written by a clock that has been set back."""
_LANGUAGE: Final = "(SELECT language FROM interviews WHERE id = comments.interview_id)"
_SPOKEN: Final = f"{_LANGUAGE} IN (SELECT value FROM json_each(:languages))"
_NEW: Final = f"""comments INDEXED BY comments_new WHERE state = 'recorded' AND again_at IS NULL
  AND {_FREE} AND {_SPOKEN} ORDER BY tries, recorded_at, id"""
_AGAIN: Final = f"""comments INDEXED BY comments_again WHERE again_at IS NOT NULL
  AND {_FREE} AND {_SPOKEN} ORDER BY tries, again_at, recorded_at, id"""
"""The indexes give them in their order: a lease must not sort a backlog while it locks every other writer out."""
_MOST_AT_ONCE: Final = 64
_WAITING: Final = ("state = 'recorded'", "again_at IS NOT NULL")
_WAITS: Final = f"({' OR '.join(_WAITING)})"
_PARKED: Final = """state = CASE state WHEN 'recorded' THEN 'parked' ELSE state END,
  leased_by = NULL, leased_until = NULL, again_at = NULL, not_before = NULL"""
"""Not waiting any more: what had a text keeps it."""


def lease_some(
    db: Database,
    worker: str,
    now: datetime,
    sound_seconds: float,
    terms: Terms = TERMS,
    languages: Collection[str] = tuple(Language),
) -> list[CommentLease]:
    """Take comments of one of the languages, at most so much sound together, but always one where any waits.

    New ones first, then those asked for again, never both; one that was tried before goes alone. Comments of other
    languages wait, untried.
    """
    values = {**_values(now, terms), "languages": json.dumps([*languages])}
    is_any = f"SELECT 1 FROM comments WHERE {{}} AND (file IS NULL OR {_SPOKEN}) LIMIT 1"
    if not any(db.execute(is_any.format(waits), values).fetchone() for waits in _WAITING):
        return []  # a look that locks nobody out
    with writing(db):
        _park(db, values)
        for next_ones in (_NEW, _AGAIN):
            rows = db.execute(
                f"""SELECT c.id, c.file, c.key_wrapped, c.seconds, i.language, c.tries, c.again_at IS NOT NULL
                    FROM (SELECT * FROM {next_ones} LIMIT {_MOST_AT_ONCE}) c
                    JOIN interviews i ON i.id = c.interview_id""",
                values,
            ).fetchall()
            if rows:
                return _take(db, worker, now, _together(rows, sound_seconds), terms)
    return []


def _together(rows: list[Any], sound_seconds: float) -> list[Any]:
    """The first, and those after it that may go with it."""
    first, *others = rows
    group, total = [first], first[3]
    for row in others if first[5] == 0 else ():
        total += row[3]
        if total > sound_seconds or row[4] != first[4] or row[5]:
            break
        group.append(row)
    return group


def _take(db: Database, worker: str, now: datetime, rows: list[Any], terms: Terms) -> list[CommentLease]:
    until = to_text(now + terms.lease + sum(row[3] for row in rows) * terms.lease_per_second)
    db.conn.executemany(
        "UPDATE comments SET leased_by = ?, leased_until = ?, tries = tries + 1, not_before = NULL WHERE id = ?",
        [(worker, until, row[0]) for row in rows],
    )
    return [
        CommentLease(CommentId(id_), Recording(file, key, seconds), Language(language), tries + 1, bool(is_again))
        for id_, file, key, seconds, language, tries, is_again in rows
    ]


def _park(db: Database, values: dict[str, Any]) -> None:
    """End the waiting of what was tried too often, by analysts that died of it, and of what nobody can hear."""
    db.execute(
        f"""UPDATE comments SET fault = CASE WHEN file IS NULL THEN NULL WHEN leased_by IS NULL
              THEN coalesce(fault, :died) ELSE :died END,
              {_PARKED}
            WHERE {_WAITS} AND (file IS NULL OR tries >= :most) AND (leased_by IS NULL OR leased_until < :now)""",
        {**values, "died": DIED},
    )


def give_back(db: Database, worker: str) -> int:
    """End a worker's leases without blame: the comments may be taken again at once, and the try was none."""
    if not db.execute("SELECT 1 FROM comments WHERE leased_by = ? LIMIT 1", (worker,)).fetchone():
        return 0
    with writing(db):
        cursor = db.execute(
            "UPDATE comments SET leased_by = NULL, leased_until = NULL, tries = tries - 1 WHERE leased_by = ?",
            (worker,),
        )
        return int(cursor.rowcount)


def put_off(db: Database, worker: str, leases: Iterable[CommentLease], now: datetime, terms: Terms = TERMS) -> None:
    """They cannot be had now, through no fault of theirs: each waits a pause, and the try was none."""
    with writing(db):
        db.conn.executemany(
            """UPDATE comments SET not_before = ?, tries = tries - 1, leased_by = NULL, leased_until = NULL
               WHERE id = ? AND leased_by = ?""",
            [(to_text(now + max(terms.pauses)), lease.comment_id, worker) for lease in leases],
        )


def take_over(db: Database) -> int:
    """End every lease, for the only analyst that lives, at its start; returns how many. Those comments were tried."""
    with writing(db):
        cursor = db.execute(
            "UPDATE comments SET leased_by = NULL, leased_until = NULL, fault = ? WHERE leased_by IS NOT NULL", (DIED,)
        )
        return int(cursor.rowcount)


def fail(
    db: Database, worker: str, leases: Iterable[CommentLease], fault: str, now: datetime, terms: Terms = TERMS
) -> None:
    """A try has come to nothing: each waits for the next one, alone, or is parked; `fault` has no personal data."""
    with writing(db):
        for lease in leases:
            db.execute(
                """UPDATE comments SET not_before = ?, fault = ?, leased_by = NULL, leased_until = NULL
                   WHERE id = ? AND leased_by = ?""",
                (to_text(now + terms.pause(lease.tries)), fault, lease.comment_id, worker),
            )
        _park(db, _values(now, terms))


def _values(now: datetime, terms: Terms) -> dict[str, Any]:
    return {"now": to_text(now), "latest": to_text(now + max(terms.pauses)), "most": terms.most_tries}


def queue(db: Database) -> CommentQueue:
    """How the queue stands."""
    waiting, seconds, in_hand, oldest = db.execute(
        """SELECT count(*), coalesce(sum(seconds), 0.0), count(leased_by), min(recorded_at)
           FROM comments WHERE state = 'recorded'"""
    ).fetchone()
    again, again_seconds = db.execute(
        "SELECT count(*), coalesce(sum(seconds), 0.0) FROM comments WHERE again_at IS NOT NULL"
    ).fetchone()
    parked = db.execute(
        "SELECT count(*) FROM comments WHERE state = 'parked' AND again_at IS NULL AND file IS NOT NULL"
    ).fetchone()[0]
    faults = _faults(db, "state = 'parked'")
    again_faults = _faults(db, "state NOT IN ('recorded', 'parked')")
    oldest_at = from_optional(oldest)
    return CommentQueue(waiting, seconds, in_hand, oldest_at, again, again_seconds, parked, faults, again_faults)


def _faults(db: Database, clause: str) -> dict[str, int]:
    """Why nobody tries them any more, with how many, the most first."""
    rows = db.execute(
        f"""SELECT fault, count(*) FROM comments
            WHERE fault IS NOT NULL AND again_at IS NULL AND file IS NOT NULL AND {clause}
            GROUP BY fault ORDER BY 2 DESC, 1"""
    )
    return dict(rows.fetchall())


def languages(db: Database) -> set[Language]:
    """Of the comments that wait."""
    rows = db.execute(f"SELECT DISTINCT {_LANGUAGE} FROM comments WHERE {_WAITS} AND file IS NOT NULL")
    return {Language(row[0]) for row in rows}


def sound_since(db: Database, since: datetime) -> tuple[float, float]:
    """Seconds of sound that were recorded since a moment, and that were heard (a comment's first text counts)."""
    recorded = db.execute(
        "SELECT coalesce(sum(seconds), 0.0) FROM comments WHERE recorded_at >= ? AND state <> ?",
        (to_text(since), CommentState.LOST),
    ).fetchone()[0]
    heard = db.execute(
        """SELECT coalesce(sum(c.seconds), 0.0) FROM transcripts t JOIN comments c ON c.id = t.comment_id
           WHERE t.made_at >= ? AND t.id = (SELECT min(id) FROM transcripts WHERE comment_id = c.id)""",
        (to_text(since),),
    ).fetchone()[0]
    return float(recorded), float(heard)
