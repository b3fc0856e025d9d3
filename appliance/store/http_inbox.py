"""What the HTTP inbox remembers: answers by idempotency key, and failed tokens by address."""

from dataclasses import dataclass
from datetime import datetime

from appliance.store.clock import to_text
from appliance.store.database import Database, writing


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """The answer to a request that was sent with a key, and a keyed hash of what it held."""

    body_hash: bytes
    status: int
    response: str
    """JSON."""


def answer_of(db: Database, key_hash: bytes) -> KeptAnswer | None:
    row = db.execute(
        "SELECT body_hash, status, response FROM idempotency_keys WHERE key_hash = ?", (key_hash,)
    ).fetchone()
    return KeptAnswer(*row) if row else None


def keep_answer(db: Database, key_hash: bytes, answer: KeptAnswer, now: datetime) -> None:
    with writing(db):
        db.execute(
            "INSERT INTO idempotency_keys VALUES (?, ?, ?, ?, ?)",
            (key_hash, answer.body_hash, answer.status, answer.response, to_text(now)),
        )


def forget_answers(db: Database, before: datetime) -> int:
    """Forget the keys last used before a moment; returns how many."""
    with writing(db):
        return int(db.execute("DELETE FROM idempotency_keys WHERE answered_at < ?", (to_text(before),)).rowcount)


def add_failure(db: Database, address: str, now: datetime, forget_before: datetime) -> None:
    """Record a wrong token and forget those before a moment."""
    with writing(db):
        db.execute("DELETE FROM token_failures WHERE failed_at < ?", (to_text(forget_before),))
        db.execute("INSERT INTO token_failures (address, failed_at) VALUES (?, ?)", (address, to_text(now)))


def failures(db: Database, address: str, since: datetime) -> int:
    row = db.execute(
        "SELECT count(*) FROM token_failures WHERE address = ? AND failed_at >= ?", (address, to_text(since))
    )
    return int(row.fetchone()[0])
