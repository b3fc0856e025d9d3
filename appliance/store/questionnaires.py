"""Questionnaires as they were asked: frozen by version, so that answers stay with the words they answer."""

import json

from appliance.errors import UsageError
from appliance.store import schedule
from appliance.store.database import Database, writing


def freeze(db: Database, questionnaire_id: str, version: int, content: str) -> int:
    """Keep a content (a JSON object); returns its version, which is written into it.

    The same content keeps the version that it has. Another gets `version` where that is free and the newest, else the
    next one: no version is ever changed.
    """
    wanted = _but_for_version(content)
    with writing(db):
        rows = db.execute("SELECT version, content FROM questionnaires WHERE id = ?", (questionnaire_id,)).fetchall()
        for kept_version, kept in sorted(rows, reverse=True):
            if _but_for_version(kept) == wanted:
                return int(kept_version)
        version = max([version, *(row[0] + 1 for row in rows)])
        written = json.dumps({**wanted, "version": version}, ensure_ascii=False)
        db.execute("INSERT INTO questionnaires VALUES (?, ?, ?)", (questionnaire_id, version, written))
        return version


def _but_for_version(content: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(content).items() if name != "version"}


def add(db: Database, questionnaire_id: str, content: str, ordinary_id: str) -> int:
    """Keep what staff have written (a JSON object); returns its version. UsageError where it would be the ordinary."""
    if questionnaire_id == ordinary_id or schedule.is_ordinary(db, questionnaire_id):
        raise UsageError(
            f"questionnaire {questionnaire_id}: its answers would be mixed with the ordinary ones'; give it another id"
        )
    return freeze(db, questionnaire_id, 1, content)


def content_of(db: Database, questionnaire_id: str, version: int) -> str | None:
    row = db.execute(
        "SELECT content FROM questionnaires WHERE id = ? AND version = ?", (questionnaire_id, version)
    ).fetchone()
    return None if row is None else str(row[0])


def versions_of(db: Database, questionnaire_id: str) -> list[str]:
    """The contents of one questionnaire's versions, the newest first; empty where there is none of that id."""
    rows = db.execute("SELECT content FROM questionnaires WHERE id = ? ORDER BY version DESC", (questionnaire_id,))
    return [row[0] for row in rows]


def contents(db: Database) -> list[str]:
    """All versions of all questionnaires, newest first."""
    return [row[0] for row in db.execute("SELECT content FROM questionnaires ORDER BY version DESC, id")]


def wanted(db: Database) -> list[str]:
    """The contents that interviews not yet over have begun with: a later call asks the same."""
    rows = db.execute(
        """SELECT content FROM questionnaires WHERE (id, version) IN (
             SELECT questionnaire_id, questionnaire_version FROM interviews WHERE state IN ('queued', 'live'))"""
    )
    return [row[0] for row in rows]
