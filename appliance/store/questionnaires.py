"""Questionnaires as they were asked: frozen by version."""

from appliance.store.database import Database, writing


def freeze(db: Database, questionnaire_id: str, version: int, content: str) -> None:
    """Keep a version's content (JSON); a version already kept stays as it is."""
    with writing(db):
        db.execute("INSERT OR IGNORE INTO questionnaires VALUES (?, ?, ?)", (questionnaire_id, version, content))


def content_of(db: Database, questionnaire_id: str, version: int) -> str | None:
    row = db.execute(
        "SELECT content FROM questionnaires WHERE id = ? AND version = ?", (questionnaire_id, version)
    ).fetchone()
    return None if row is None else str(row[0])


def contents(db: Database) -> list[str]:
    """All versions of all questionnaires, newest first."""
    return [row[0] for row in db.execute("SELECT content FROM questionnaires ORDER BY version DESC, id")]
