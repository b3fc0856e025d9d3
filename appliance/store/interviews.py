"""Interviews: queued, live on a line, over. A lease says which line has one and until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from appliance.store import trunk
from appliance.store.clock import from_text, to_text
from appliance.store.database import Database, writing
from appliance.store.left_behind import Abandoned
from appliance.store.limits import Limits, choose
from appliance.types import AttemptId, ContactId, InterviewId, Language, NumberHash, Outcome


@dataclass(frozen=True, slots=True)
class NewInterview:
    contact_id: ContactId
    language: Language
    number_hash: NumberHash
    number_sealed: bytes
    due_at: datetime
    latest_at: datetime
    weight: float | None = None
    """How many contacts the drawn one stands for: 1 / share; None where nobody was drawn."""


@dataclass(frozen=True, slots=True)
class Lease:
    """An interview that a line has taken, with the attempt it is about to make."""

    interview_id: InterviewId
    attempt_id: AttemptId
    questionnaire: tuple[str, int] | None
    """Id and version, once the first attempt has frozen them."""
    language: Language
    number_hash: NumberHash
    number_sealed: bytes
    rings: int
    has_started: bool = False
    """Key 1 was pressed in an earlier call."""
    is_inbound: bool = False
    """They ring us."""


LEASE_COLUMNS: Final = (
    "id, questionnaire_id, questionnaire_version, language, number_hash, number_sealed, rings, started_at IS NOT NULL"
)

HAS_ANSWERS: Final = "EXISTS (SELECT 1 FROM answers WHERE interview_id = interviews.id)"
_HASH_KEPT: Final = f"CASE WHEN withdrawn_at IS NULL OR {HAS_ANSWERS} THEN number_hash ELSE randomblob(32) END"
"""Whoever rings us back is not asked about a contact that was withdrawn."""


def enqueue(db: Database, new: NewInterview) -> InterviewId:
    with writing(db):
        cursor = db.execute(
            """INSERT INTO interviews
                 (contact_id, language, number_hash, number_sealed, state, due_at, latest_at, weight)
               VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)""",
            (
                new.contact_id,
                new.language,
                new.number_hash,
                new.number_sealed,
                to_text(new.due_at),
                to_text(new.latest_at),
                new.weight,
            ),
        )
        return InterviewId(cursor.lastrowid or 0)


def any_due(db: Database, now: datetime) -> bool:
    """Whether anything waits to be rung: a look that locks nobody out."""
    row = db.execute("SELECT 1 FROM interviews WHERE state = 'queued' AND due_at <= ? LIMIT 1", (to_text(now),))
    return row.fetchone() is not None


def lease_due(
    db: Database,
    line: str,
    now: datetime,
    leased_until: datetime,
    only: InterviewId | None = None,
    limits: Limits = Limits(),  # noqa: B008 -- frozen
) -> Lease | None:
    """Take the most overdue interview that the limits allow (or `only`, due or not), begin an attempt; None if none."""
    with writing(db):
        interview_id = choose(db, limits, now, only)
        if interview_id is None:
            return None
        trunk.begin_probe(db, now)
        row = db.execute(f"SELECT {LEASE_COLUMNS} FROM interviews WHERE id = ?", (interview_id,)).fetchone()
        return begin_attempt(db, row, line, now, leased_until)


def begin_attempt(
    db: Database, row: tuple[Any, ...], line: str, now: datetime, leased_until: datetime,
    direction: str = "out", was_due_at: str | None = None,
) -> Lease:  # fmt: skip
    """Take the interview of a row of LEASE_COLUMNS for a line; within a transaction of the caller's.

    From now on only a promise makes it due again, or a call that comes to nothing while it waited for `was_due_at`.
    """
    db.execute(
        "UPDATE interviews SET state = 'live', line = ?, leased_until = ?, due_at = min(due_at, ?) WHERE id = ?",
        (line, to_text(leased_until), to_text(now), row[0]),
    )
    attempt = db.execute(
        "INSERT INTO attempts (interview_id, line, begun_at, direction, was_due_at) VALUES (?, ?, ?, ?, ?)",
        (row[0], line, to_text(now), direction, was_due_at),
    )
    return Lease(
        InterviewId(row[0]),
        AttemptId(attempt.lastrowid or 0),
        None if row[1] is None else (row[1], row[2]),
        Language(row[3]),
        NumberHash(row[4]),
        row[5],
        row[6],
        bool(row[7]),
        is_inbound=direction == "in",
    )


def renew_leases(db: Database, line: str, live: Sequence[InterviewId], leased_until: datetime) -> None:
    """Hold on to the interviews that are still being talked with."""
    if not live:
        return
    with writing(db):
        for interview_id in live:
            db.execute(
                "UPDATE interviews SET leased_until = ? WHERE state = 'live' AND line = ? AND id = ?",
                (to_text(leased_until), line, interview_id),
            )


def has_rung(db: Database, lease: Lease | Abandoned, now: datetime) -> None:
    """The phone rings for the first time in this attempt: it counts from now on."""
    with writing(db):
        db.execute("UPDATE attempts SET rang_at = ? WHERE id = ?", (to_text(now), lease.attempt_id))
        db.execute("UPDATE interviews SET rings = rings + 1 WHERE id = ?", (lease.interview_id,))


def has_answered(db: Database, lease: Lease, now: datetime) -> None:
    with writing(db):
        db.execute("UPDATE attempts SET answered_at = ? WHERE id = ?", (to_text(now), lease.attempt_id))


def set_questionnaire(db: Database, interview_id: InterviewId, questionnaire: tuple[str, int]) -> None:
    """Freeze which questionnaire (id, version) this interview asks."""
    with writing(db):
        db.execute(
            "UPDATE interviews SET questionnaire_id = ?, questionnaire_version = ? WHERE id = ?",
            (*questionnaire, interview_id),
        )


def queue_of(db: Database, interview_id: InterviewId) -> str:
    """The queue of the contact it is about; empty where the PBX named none."""
    row = db.execute(
        "SELECT c.queue FROM interviews i JOIN contacts c ON c.id = i.contact_id WHERE i.id = ?", (interview_id,)
    ).fetchone()
    return str(row[0])


def has_started(db: Database, interview_id: InterviewId, now: datetime) -> None:
    """Key 1 has been pressed."""
    with writing(db):
        db.execute("UPDATE interviews SET started_at = ? WHERE id = ?", (to_text(now), interview_id))


def end_attempt(
    db: Database, attempt_id: AttemptId, outcome: Outcome | None, sip_status: int | None, now: datetime
) -> bool:
    """Record how an attempt ended; False where somebody else has ended it before (the line was taken for dead).

    Without an outcome it was called off by us before any phone rang.
    """
    with writing(db):
        cursor = db.execute(
            "UPDATE attempts SET ended_at = ?, outcome = ?, sip_status = ? WHERE id = ? AND ended_at IS NULL",
            (to_text(now), outcome, sip_status, attempt_id),
        )
        return bool(cursor.rowcount)


def begun_at(db: Database, attempt_id: AttemptId) -> datetime:
    """When an attempt was begun."""
    return from_text(db.execute("SELECT begun_at FROM attempts WHERE id = ?", (attempt_id,)).fetchone()[0])


def requeue(db: Database, interview_id: InterviewId, due_at: datetime | None = None) -> None:
    """Give the interview back, to be rung again at a later moment; None: as due as it was."""
    with writing(db):
        db.execute(
            """UPDATE interviews SET state = 'queued', line = NULL, leased_until = NULL, due_at = coalesce(?, due_at)
               WHERE id = ?""",
            (to_text(due_at) if due_at else None, interview_id),
        )


def close(db: Database, interview_id: InterviewId, outcome: Outcome, now: datetime) -> None:
    """The interview is over: its outcome stands and the number is forgotten."""
    with writing(db):
        db.execute(
            f"""UPDATE interviews SET state = 'over', outcome = ?, ended_at = ?, number_sealed = NULL,
                 line = NULL, leased_until = NULL, number_hash = {_HASH_KEPT} WHERE id = ?""",
            (outcome, to_text(now), interview_id),
        )


def give_up(db: Database, interview_id: InterviewId, now: datetime) -> None:
    """Forget an interview that nobody will ring any more; one that is over stays as it is."""
    with writing(db):
        db.execute(
            f"""UPDATE interviews SET state = 'expired', ended_at = ?, number_sealed = NULL, line = NULL,
                 leased_until = NULL, number_hash = {_HASH_KEPT} WHERE id = ? AND state IN ('queued', 'live')""",
            (to_text(now), interview_id),
        )


def close_opted_out(db: Database, now: datetime) -> int:
    """End every interview that waits to be rung though its number is blocked; returns how many. A live one goes on."""
    with writing(db):
        cursor = db.execute(
            """UPDATE interviews SET state = 'over', outcome = ?, ended_at = ?, number_sealed = NULL
               WHERE state = 'queued' AND number_hash IN (SELECT number_hash FROM opt_outs WHERE is_blocked)""",
            (Outcome.OPTED_OUT, to_text(now)),
        )
        return int(cursor.rowcount)


def expire(db: Database, now: datetime) -> int:
    """Forget queued interviews that became too late to ring; returns how many."""
    with writing(db):
        cursor = db.execute(
            """UPDATE interviews INDEXED BY interviews_queued_until SET state = 'expired', ended_at = ?,
                 number_sealed = NULL, outcome = CASE WHEN rings > 0 THEN ? END
               WHERE state = 'queued' AND latest_at < ?""",
            (to_text(now), Outcome.NO_ANSWER, to_text(now)),
        )
        return int(cursor.rowcount)


def rings_of(db: Database, interview_id: InterviewId) -> int:
    """How often the phone has really rung for this interview."""
    return int(db.execute("SELECT rings FROM interviews WHERE id = ?", (interview_id,)).fetchone()[0])


def latest_at(db: Database, interview_id: InterviewId) -> datetime:
    """After this it is too late to ring."""
    return from_text(db.execute("SELECT latest_at FROM interviews WHERE id = ?", (interview_id,)).fetchone()[0])


def tries_of(db: Database, interview_id: InterviewId) -> tuple[int, int]:
    """Real rings, and attempts of every kind."""
    attempts = db.execute("SELECT count(*) FROM attempts WHERE interview_id = ?", (interview_id,)).fetchone()[0]
    return rings_of(db, interview_id), int(attempts)


def outcome_of(db: Database, interview_id: InterviewId) -> tuple[str, Outcome | None]:
    """State and outcome of one interview."""
    row = db.execute("SELECT state, outcome FROM interviews WHERE id = ?", (interview_id,)).fetchone()
    return row[0], None if row[1] is None else Outcome(row[1])


def is_over(db: Database, interview_id: InterviewId) -> bool:
    return outcome_of(db, interview_id)[0] in {"over", "expired"}


def all_ids(db: Database) -> list[InterviewId]:
    """Every interview there is, in the order they were queued."""
    return [InterviewId(row[0]) for row in db.execute("SELECT id FROM interviews ORDER BY id")]


def live_ids(db: Database) -> set[InterviewId]:
    return {InterviewId(row[0]) for row in db.execute("SELECT id FROM interviews WHERE state = 'live'")}


def count_by_state(db: Database) -> dict[str, int]:
    return dict(db.execute("SELECT state, count(*) FROM interviews GROUP BY state").fetchall())
