"""Accounts of the local page and failed log-ins."""

from dataclasses import dataclass
from datetime import datetime

from appliance.store.clock import from_optional, to_text
from appliance.store.database import Database, writing


@dataclass(frozen=True, slots=True)
class User:
    id: int
    name: str
    password_hash: str
    disabled_at: datetime | None
    session_epoch: int
    """Raised at each change of password: older sessions end."""


_COLUMNS = "id, name, password_hash, disabled_at, session_epoch"


def _user(row: tuple[int, str, str, str | None, int] | None) -> User | None:
    return None if row is None else User(row[0], row[1], row[2], from_optional(row[3]), row[4])


def by_name(db: Database, name: str) -> User | None:
    return _user(db.execute(f"SELECT {_COLUMNS} FROM users WHERE name = ?", (name,)).fetchone())


def by_id(db: Database, user_id: int) -> User | None:
    return _user(db.execute(f"SELECT {_COLUMNS} FROM users WHERE id = ?", (user_id,)).fetchone())


def count(db: Database) -> int:
    return int(db.execute("SELECT count(*) FROM users").fetchone()[0])


def add(db: Database, name: str, password_hash: str, now: datetime) -> bool:
    """Make an account; False where the name is taken."""
    with writing(db):
        cursor = db.execute(
            "INSERT OR IGNORE INTO users (name, password_hash, created_at) VALUES (?, ?, ?)",
            (name, password_hash, to_text(now)),
        )
        return bool(cursor.rowcount)


def set_password(db: Database, name: str, password_hash: str) -> bool:
    """Change a password and end the account's sessions; False where there is no such account."""
    with writing(db):
        cursor = db.execute(
            "UPDATE users SET password_hash = ?, disabled_at = NULL, session_epoch = session_epoch + 1 WHERE name = ?",
            (password_hash, name),
        )
        return bool(cursor.rowcount)


def disable(db: Database, name: str, now: datetime) -> bool:
    """Close an account and end its sessions; False where there is no such account."""
    with writing(db):
        cursor = db.execute(
            "UPDATE users SET disabled_at = ?, session_epoch = session_epoch + 1 WHERE name = ?",
            (to_text(now), name),
        )
        return bool(cursor.rowcount)


def end_sessions(db: Database, user_id: int) -> None:
    with writing(db):
        db.execute("UPDATE users SET session_epoch = session_epoch + 1 WHERE id = ?", (user_id,))


def add_failure(db: Database, name: str, address: str, now: datetime, forget_before: datetime) -> None:
    """Record a failed log-in and forget those before a moment."""
    with writing(db):
        db.execute("DELETE FROM login_failures WHERE failed_at < ?", (to_text(forget_before),))
        db.execute(
            "INSERT INTO login_failures (name, address, failed_at) VALUES (?, ?, ?)",
            (name, address, to_text(now)),
        )


def failures_of_name(db: Database, name: str, since: datetime) -> int:
    row = db.execute("SELECT count(*) FROM login_failures WHERE name = ? AND failed_at >= ?", (name, to_text(since)))
    return int(row.fetchone()[0])


def failures_of_address(db: Database, address: str, since: datetime) -> int:
    row = db.execute(
        "SELECT count(*) FROM login_failures WHERE address = ? AND failed_at >= ?", (address, to_text(since))
    )
    return int(row.fetchone()[0])
