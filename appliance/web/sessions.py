"""Sessions: a signed cookie that ends after 15 idle minutes, after 12 hours, and whenever the account changes."""

from datetime import datetime
from typing import Final

from flask import session

from appliance.store import Database, users
from appliance.store.users import User

IDLE: Final = 15 * 60
"""Seconds without a sign of life from the person."""
ABSOLUTE: Final = 12 * 60 * 60
"""Seconds from log-in, whatever happens."""


def begin(user: User, now: datetime) -> None:
    """A new session; nothing of the one before log-in is kept."""
    session.clear()
    moment = int(now.timestamp())
    session.update(user=user.id, epoch=user.session_epoch, begun=moment, seen=moment)


def end() -> None:
    session.clear()


def seconds_left(now: datetime) -> int:
    """Until the session ends by itself; 0 or less is over."""
    begun, seen = session.get("begun", 0), session.get("seen", 0)
    return int(min(seen + IDLE, begun + ABSOLUTE) - now.timestamp())


def touch(now: datetime) -> None:
    """The person has done something."""
    session["seen"] = int(now.timestamp())


def current_user(db: Database, now: datetime) -> User | None:
    """Who is logged in; None where the session is over, or the account closed or changed since it began."""
    if "user" not in session or seconds_left(now) <= 0:
        return None
    user = users.by_id(db, session["user"])
    if user is None or user.disabled_at or user.session_epoch != session["epoch"]:
        return None
    return user
