"""Figures for the results: counts over the contacts that ended in a span of time, and what came of each.

Everything is counted by when the citizen's own call ended, so that each number is a part of the one before it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from appliance.store.clock import from_text, to_text
from appliance.store.contacts import INTERVIEWED
from appliance.store.database import Database
from appliance.store.schedule import TEMPORARY
from appliance.types import AnswerKind, Area, CommentState, DrawReason, Outcome, Tonality


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open span of time [begin, end), both aware."""

    begin: datetime
    end: datetime


EVER: Final = Span(datetime(1000, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC))
"""As far as years are written with four figures."""


@dataclass(frozen=True, slots=True)
class InterviewCounts:
    """What came of the interviews of a span's contacts."""

    queued: int
    """Wait to be rung."""
    live: int
    rung: int
    """The phone rang at least once."""
    reached: int
    """Somebody picked up."""
    started: int
    """Key 1 was pressed."""
    outcomes: Mapping[Outcome, int]


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How many gave one answer to one question of one version of a questionnaire."""

    question: str
    kind: AnswerKind
    value: int | None
    count: int
    version: tuple[str, int] | None = None
    """Id and version."""


_JOINED: Final = """FROM contacts c JOIN interviews i ON i.contact_id = c.id
  {more} WHERE c.ended_at >= ? AND c.ended_at < ? AND c.reason IN (?, ?)"""


_ORDINARY: Final = f"(i.questionnaire_id IS NULL OR i.questionnaire_id NOT IN ({TEMPORARY}))"
"""What is temporary is counted apart from all else."""


def _of(questionnaire_id: str | None) -> tuple[str, tuple[str, ...]]:
    """Condition and its arguments: a temporary questionnaire's, or with None the ordinary ones'."""
    return (_ORDINARY, ()) if questionnaire_id is None else ("i.questionnaire_id = ?", (questionnaire_id,))


def _bounds(span: Span) -> tuple[str, str]:
    return to_text(span.begin), to_text(span.end)


def _interviewed_in(span: Span) -> tuple[str, ...]:
    return (*_bounds(span), *INTERVIEWED)


def first_contact(db: Database) -> datetime | None:
    """When the oldest contact in the store ended."""
    row = db.execute("SELECT min(ended_at) FROM contacts WHERE reason != ?", (DrawReason.TEST_CALL,)).fetchone()
    return None if row[0] is None else from_text(row[0])


def count_contacts(db: Database, span: Span) -> tuple[int, int]:
    """How many contacts ended, and how many of them were to be interviewed."""
    row = db.execute(
        "SELECT count(*), count(*) FILTER (WHERE reason IN (?, ?)) FROM contacts "
        "WHERE ended_at >= ? AND ended_at < ? AND reason != ?",
        (*INTERVIEWED, *_bounds(span), DrawReason.TEST_CALL),
    ).fetchone()
    return row[0], row[1]


def count_reasons(db: Database, span: Span) -> list[tuple[str, DrawReason, int]]:
    """How many contacts ended in each queue with each reason, test calls among them."""
    rows = db.execute(
        "SELECT queue, reason, count(*) FROM contacts WHERE ended_at >= ? AND ended_at < ? GROUP BY queue, reason",
        _bounds(span),
    )
    return [(row[0], DrawReason(row[1]), row[2]) for row in rows]


def count_interviews(db: Database, span: Span) -> InterviewCounts:
    rows = db.execute(
        f"""SELECT i.state, i.outcome, count(*), sum(i.rings > 0), sum(i.started_at IS NOT NULL),
              sum(EXISTS (SELECT 1 FROM attempts a WHERE a.interview_id = i.id AND a.answered_at IS NOT NULL))
            {_JOINED.format(more="")} GROUP BY i.state, i.outcome""",
        _interviewed_in(span),
    ).fetchall()
    outcomes: dict[Outcome, int] = {}
    for row in rows:
        if row[1] is not None:
            outcomes[Outcome(row[1])] = outcomes.get(Outcome(row[1]), 0) + row[2]
    return InterviewCounts(
        queued=sum(row[2] for row in rows if row[0] == "queued"),
        live=sum(row[2] for row in rows if row[0] == "live"),
        rung=sum(row[3] for row in rows),
        reached=sum(row[5] for row in rows),
        started=sum(row[4] for row in rows),
        outcomes=outcomes,
    )


def count_answers(db: Database, span: Span, questionnaire_id: str | None = None) -> list[AnswerCount]:
    """Of one temporary questionnaire, or of the ordinary ones."""
    which, whose = _of(questionnaire_id)
    rows = db.execute(
        f"""SELECT a.question, a.kind, a.value, count(*), i.questionnaire_id, i.questionnaire_version
            {_JOINED.format(more="JOIN answers a ON a.interview_id = i.id")} AND {which}
            GROUP BY a.question, a.kind, a.value, i.questionnaire_id, i.questionnaire_version""",
        (*_interviewed_in(span), *whose),
    )
    return [AnswerCount(row[0], AnswerKind(row[1]), row[2], row[3], row[4] and (row[4], row[5])) for row in rows]


def count_temporary(db: Database, span: Span) -> dict[str, int]:
    """How many interviews asked each temporary questionnaire, partial ones too; the ones asked last first."""
    rows = db.execute(
        f"""SELECT i.questionnaire_id, count(*) {_JOINED.format(more="")} AND NOT {_ORDINARY} AND i.outcome IN (?, ?)
            GROUP BY i.questionnaire_id ORDER BY max(i.id) DESC""",
        (*_interviewed_in(span), Outcome.COMPLETED, Outcome.PARTIAL),
    )
    return {row[0]: row[1] for row in rows}


def count_comments(db: Database, span: Span) -> dict[CommentState, int]:
    rows = db.execute(
        f"SELECT m.state, count(*) {_JOINED.format(more='JOIN comments m ON m.interview_id = i.id')} GROUP BY m.state",
        _interviewed_in(span),
    ).fetchall()
    return {CommentState(state): count for state, count in rows}


def count_opinions(db: Database, span: Span, questionnaire_id: str | None = None) -> dict[tuple[Area, Tonality], int]:
    """In how many understood comments an area was given a tonality, after a temporary questionnaire or the ordinary."""
    which, whose = _of(questionnaire_id)
    joins = "JOIN comments m ON m.interview_id = i.id JOIN opinions o ON o.comment_id = m.id"
    rows = db.execute(
        f"""SELECT o.area, o.tonality, count(*) {_JOINED.format(more=joins)} AND m.state = ? AND {which}
            GROUP BY o.area, o.tonality""",
        (*_interviewed_in(span), CommentState.DONE, *whose),
    )
    return {(Area(area), Tonality(tonality)): count for area, tonality, count in rows}


def data_version(db: Database) -> str:
    """A text that changes whenever a figure may have changed; a few index look-ups, cheap enough for polling."""
    row = db.execute(
        """SELECT (SELECT max(id) FROM contacts), (SELECT max(id) FROM interviews), (SELECT max(id) FROM attempts),
             (SELECT max(ended_at) FROM interviews), (SELECT max(answered_at) FROM answers),
             (SELECT max(id) FROM comments), (SELECT max(done_at) FROM comments),
             (SELECT count(*) FROM comments WHERE state = 'recorded'),
             (SELECT count(*) FROM comments WHERE state = 'parked'),
             (SELECT count(*) || '.' || count(i.started_at) || '.' || sum(i.rings) || '.' || count(a.answered_at)
              FROM interviews i LEFT JOIN attempts a ON a.interview_id = i.id WHERE i.state = 'live')"""
    ).fetchone()
    return "|".join("" if value is None else str(value) for value in row)
