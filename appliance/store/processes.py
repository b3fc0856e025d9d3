"""The heartbeat of each process, for the health checks."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing

_HEARD_LATELY: Final = timedelta(seconds=30)

WAITS_FOR_MODEL: Final = "waits for a model"
"""How the analyst's note begins while it has none that it can use."""


@dataclass(frozen=True, slots=True)
class ProcessBeat:
    name: str
    pid: int
    started_at: datetime
    beat_at: datetime
    note: str


def begin(db: Database, name: str, pid: int, now: datetime) -> None:
    with writing(db):
        db.execute(
            """INSERT OR REPLACE INTO processes (name, pid, started_at, beat_at, note)
               VALUES (?, ?, ?, ?, 'starting')""",
            (name, pid, to_text(now), to_text(now)),
        )


def beat(db: Database, name: str, note: str, now: datetime, model: str | None = None) -> None:
    """Tell that the process lives, and which speech model it has loaded."""
    with writing(db):
        db.execute(
            "UPDATE processes SET beat_at = ?, note = ?, model = ? WHERE name = ?", (to_text(now), note, model, name)
        )


def is_beating(db: Database, name: str, now: datetime) -> bool:
    """Whether the process has been heard of within the last half minute."""
    row = db.execute("SELECT 1 FROM processes WHERE name = ? AND beat_at > ?", (name, to_text(now - _HEARD_LATELY)))
    return row.fetchone() is not None


def hold(db: Database, name: str, other_calls: int) -> None:
    """Tell the others how many calls without an interview this process holds: they take their places on the trunk."""
    with writing(db):
        db.execute("UPDATE processes SET other_calls = ? WHERE name = ?", (other_calls, name))


def end(db: Database, name: str) -> None:
    with writing(db):
        db.execute("DELETE FROM processes WHERE name = ?", (name,))


def missing_model(db: Database, now: datetime) -> str | None:
    """What the analyst says of a model that it waits for; None where it has all of them, or was not heard lately."""
    lately = (beat.note for beat in all_beats(db) if beat.beat_at > now - _HEARD_LATELY)
    notes = (note for note in lately if note.startswith(WAITS_FOR_MODEL))
    return next((note.removeprefix(WAITS_FOR_MODEL).removeprefix(": ") for note in notes), None)


def other_model(db: Database, wanted: str, now: datetime) -> str | None:
    """What to say where the analyst has loaded another speech model than the wanted; None too where none is heard."""
    row = db.execute(
        "SELECT model FROM processes WHERE beat_at > ? AND model <> ?", (to_text(now - _HEARD_LATELY), wanted)
    ).fetchone()
    return row and f"the analyst still works with {row[0]}; restart it: systemctl restart efterklang-analyst"


def all_beats(db: Database) -> list[ProcessBeat]:
    rows = db.execute("SELECT name, pid, started_at, beat_at, note FROM processes ORDER BY name")
    return [ProcessBeat(name, pid, from_text(s), from_text(b), note) for name, pid, s, b, note in rows]
