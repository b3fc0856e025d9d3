"""The schema's history: ordered functions, each one transaction, never edited after a release."""

from functools import cache
from pathlib import Path
from typing import Final

from sqlite_utils import Database, Migrations

migrations = Migrations("efterklang")

_SCHEMA: Final = Path(__file__).parent / "schema"


@migrations()
def m001_first_release(db: Database) -> None:
    _execute(db, "m001_first_release")


@migrations()
def m002_telephony(db: Database) -> None:
    """Calls both ways, how well a comment could be heard, and a trunk that may be at fault."""
    _execute(db, "m002_telephony")


@migrations()
def m003_selection(db: Database) -> None:
    """Who is rung, and why: policies, an auditable draw, sources, dialing on and off, scheduled questionnaires."""
    _execute(db, "m003_selection")


@migrations()
def m004_speech(db: Database) -> None:
    """Every text that was made of a comment, by which models, how sure they were; comments to be heard again."""
    _execute(db, "m004_speech")


@cache
def known_steps() -> frozenset[str]:
    """All that this release knows."""
    empty = Database(memory=True)
    try:
        return frozenset(step.name for step in migrations.pending(empty))
    finally:
        empty.close()


def _execute(db: Database, name: str) -> None:
    """Each statement of schema/NAME.sql; none has a semicolon within."""
    for statement in (_SCHEMA / f"{name}.sql").read_text(encoding="utf-8").split(";"):
        if statement.strip():
            db.execute(statement)
