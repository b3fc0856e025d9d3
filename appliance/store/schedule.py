"""Which questionnaire is asked instead of the ordinary one: for a period, and of whom.

A period counts by when a citizen is asked for the first time, not by when the call to the contact center ended: who
schedules one "from this afternoon" means every interview from then on, also with those who talked with us in the
morning and wait to be rung. Where several are in force for a queue, the one that was scheduled last is asked.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from appliance.errors import UsageError
from appliance.settings import queue_key
from appliance.store.clock import from_optional, from_text, to_text
from appliance.store.database import Database, writing


class ScheduleState(StrEnum):
    """Where a period stands at a moment."""

    UPCOMING = "upcoming"
    IN_FORCE = "in_force"
    OVER = "over"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class NewSchedule:
    questionnaire: tuple[str, int]
    """Id and version."""
    queues: tuple[str, ...]
    """By name, as `queue_key` compares them; empty is all, and those without a queue."""
    begins_at: datetime
    ends_at: datetime
    made_by: str


@dataclass(frozen=True, slots=True)
class Scheduled(NewSchedule):
    """One that is on the schedule."""

    id: int
    made_at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str

    def state(self, now: datetime) -> ScheduleState:
        if self.withdrawn_at is not None:
            return ScheduleState.WITHDRAWN
        if now >= self.ends_at:
            return ScheduleState.OVER
        return ScheduleState.IN_FORCE if now >= self.begins_at else ScheduleState.UPCOMING

    def covers(self, queue: str) -> bool:
        return not self.queues or queue_key(queue) in map(queue_key, self.queues)


_COLUMNS: Final = """questionnaire_id, questionnaire_version, queues, begins_at, ends_at, made_by,
  id, made_at, withdrawn_at, withdrawn_by"""


TEMPORARY: Final = "SELECT questionnaire_id FROM schedule WHERE withdrawn_at IS NULL OR has_asked"
"""The ids of what has ever been scheduled, but for what was withdrawn before it was asked of anybody."""


def add(db: Database, new: NewSchedule, now: datetime, ordinary_id: str) -> int:
    """Put a period on the schedule; returns its number. UsageError where it would be over before it begins.

    UsageError too for the ordinary one, and one that has been: all its answers would be counted as a temporary one's.
    What is the same as the last one there, but for who made it, is that one: a button was pressed twice.
    """
    if new.ends_at <= max(new.begins_at, now):
        raise UsageError("the period would be over before anybody is asked; give it a later end")
    with writing(db):
        if new.questionnaire[0] == ordinary_id or is_ordinary(db, new.questionnaire[0]):
            raise UsageError(
                f"questionnaire {new.questionnaire[0]} is asked without a schedule, and its answers would leave the "
                "ordinary ones'; schedule one of another id"
            )
        last = next(iter(_read(db, "ORDER BY id DESC LIMIT 1", ())), None)
        if last and last.withdrawn_at is None and _asks(last) == _asks(new):
            return last.id
        cursor = db.execute(
            """INSERT INTO schedule (questionnaire_id, questionnaire_version, queues, begins_at, ends_at, made_by,
                 made_at) VALUES (?, ?, ?, ?, ?, ?, ?)""",
            (
                *new.questionnaire,
                json.dumps(new.queues, ensure_ascii=False),
                to_text(new.begins_at),
                to_text(new.ends_at),
                new.made_by,
                to_text(now),
            ),
        )
        return int(cursor.lastrowid or 0)


def _asks(one: NewSchedule) -> tuple[object, ...]:
    return one.questionnaire, one.queues, to_text(one.begins_at), to_text(one.ends_at)


def withdraw(db: Database, schedule_id: int, withdrawn_by: str, now: datetime) -> bool:
    """Ask it of nobody new from now on; False where there is no such period, or it is over or withdrawn already."""
    with writing(db):
        cursor = db.execute(
            """UPDATE schedule SET withdrawn_at = ?, withdrawn_by = ?
               WHERE id = ? AND withdrawn_at IS NULL AND ends_at > ?""",
            (to_text(now), withdrawn_by, schedule_id, to_text(now)),
        )
        return bool(cursor.rowcount)


def everything(db: Database) -> list[Scheduled]:
    """All there has been, what was scheduled last first."""
    return _read(db, "ORDER BY id DESC", ())


def to_come(db: Database, now: datetime) -> list[Scheduled]:
    """Those in force and those still to begin."""
    return _read(db, "WHERE withdrawn_at IS NULL AND ends_at > ? ORDER BY id DESC", (to_text(now),))


def in_force(db: Database, queue: str, now: datetime) -> list[Scheduled]:
    """What is to be asked of a queue's citizens at a moment, best first; nothing is the ordinary questionnaire."""
    return [one for one in to_come(db, now) if one.begins_at <= now and one.covers(queue)]


def note_asked(db: Database, schedule_id: int) -> None:
    """A period has come to a citizen: withdrawn or not, its questionnaire is a temporary one from now on."""
    with writing(db):
        db.execute("UPDATE schedule SET has_asked = 1 WHERE id = ? AND NOT has_asked", (schedule_id,))


def is_temporary(db: Database, questionnaire_id: str) -> bool:
    """Whether a questionnaire is asked for a time, or has been: its answers are then counted apart."""
    return bool(db.execute(f"SELECT ? IN ({TEMPORARY})", (questionnaire_id,)).fetchone()[0])


def is_ordinary(db: Database, questionnaire_id: str) -> bool:
    """Whether it has been asked without being scheduled: its answers are in the ordinary series."""
    row = db.execute(
        "SELECT 1 FROM interviews INDEXED BY interviews_by_questionnaire WHERE questionnaire_id = ? LIMIT 1",
        (questionnaire_id,),
    ).fetchone()
    return row is not None and not is_temporary(db, questionnaire_id)


def _read(db: Database, which: str, arguments: Sequence[Any]) -> list[Scheduled]:
    rows = db.execute(f"SELECT {_COLUMNS} FROM schedule {which}", arguments).fetchall()
    return [
        Scheduled(
            (row[0], row[1]),
            tuple(json.loads(row[2])),
            from_text(row[3]),
            from_text(row[4]),
            row[5],
            row[6],
            from_text(row[7]),
            from_optional(row[8]),
            row[9],
        )
        for row in rows
    ]
