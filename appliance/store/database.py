"""Open the one SQLite file that all processes meet in."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Concatenate, Final, ParamSpec, TypeVar

from sqlite_utils import Database

from appliance.errors import StoreError
from appliance.store.migrations import known_steps, migrations
from appliance.store.space import make_room, release_reserve

__all__ = [
    "Database",
    "DiskFault",
    "database_path",
    "directory_of",
    "open_store",
    "reading",
    "surely",
    "trying",
    "writing",
]

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

DiskFault = sqlite3.OperationalError
"""Inside a transaction, what the one who began it tells of as StoreError: the disk is full, or away."""
_BUSY_TIMEOUT_MS: Final = 15_000
_PRAGMAS: Final = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL: an acknowledged answer survives a power cut
    "foreign_keys": 1,
    "busy_timeout": _BUSY_TIMEOUT_MS,
    "secure_delete": 1,  # what retention deletes is overwritten
}


def database_path(directory: Path) -> Path:
    return directory / "efterklang.db"


def open_store(directory: Path) -> Database:
    """Open and migrate the store in a directory; StoreError in one line where that cannot be done."""
    path = database_path(directory)
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.touch(mode=0o600)
        db = Database(sqlite3.connect(path, timeout=_BUSY_TIMEOUT_MS / 1000))
        for name, value in _PRAGMAS.items():
            db.execute(f"PRAGMA {name} = {value}")
        _migrate(db)
    except OSError as error:
        raise StoreError(f"{path}: cannot open the database: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StoreError(f"{path}: cannot use the database: {error}; restore it from a backup") from error
    return db


def _migrate(db: Database) -> None:
    _refuse_newer(db)
    if migrations.pending(db):
        with writing(db):  # the first process migrates, the others wait here and find nothing to do
            migrations.apply(db)


def _refuse_newer(db: Database) -> None:
    """A newer release has changed the tables: this one would not understand what it finds."""
    if newer := sorted({step.name for step in migrations.applied(db)} - known_steps()):
        raise StoreError(
            f"{database_path(directory_of(db))}: a newer release has changed it ({', '.join(newer)}); start that "
            "release again, or put back the copy from before it (scripts/README.md)"
        )


@contextmanager
def writing(db: Database) -> Iterator[None]:
    """One immediate transaction: all of it is on disk when the block ends, or none; blocks nest."""
    if db.conn.in_transaction:
        with db.atomic():
            yield
        return
    make_room(directory_of(db))
    try:
        db.conn.execute("BEGIN IMMEDIATE")
        yield
        db.conn.execute("COMMIT")
    except sqlite3.OperationalError as error:
        db.conn.rollback()
        raise StoreError(f"cannot write to the database: {error}; see that its disk is there and has room") from error
    except BaseException:
        db.conn.rollback()
        raise


@contextmanager
def reading() -> Iterator[None]:
    """A look at the store that may fail, as its disk or its file does: then with StoreError in one line."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(f"cannot read the database: {error}; see that its disk is there and whole") from error


def surely(
    write: Callable[Concatenate[Database, _Arguments], _Result],
) -> Callable[Concatenate[Database, _Arguments], _Result]:
    """For what must not be lost: where the write fails and the reserve is still held, it is let go and used."""

    @wraps(write)
    def write_surely(db: Database, /, *args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
        try:
            return write(db, *args, **kwargs)
        except StoreError:
            if not release_reserve(directory_of(db)):
                raise
            return write(db, *args, **kwargs)

    return write_surely


def directory_of(db: Database) -> Path:
    """Where the store lies, and all that belongs to it."""
    return Path(db.execute("PRAGMA database_list").fetchone()[2]).parent


@contextmanager
def trying(db: Database) -> Iterator[None]:
    """One transaction that is always undone: what would happen, without its happening."""
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        db.conn.rollback()
