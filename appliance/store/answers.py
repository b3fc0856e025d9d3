"""Answers: one key for one question, on disk before the next prompt starts."""

from dataclasses import dataclass
from datetime import datetime

from appliance.store.clock import to_text
from appliance.store.database import Database, surely, writing
from appliance.types import AnswerKind, InterviewId


@dataclass(frozen=True, slots=True)
class Answer:
    question: str
    kind: AnswerKind
    value: int | None


@surely
def add(db: Database, interview_id: InterviewId, answer: Answer, now: datetime) -> None:
    """Commit one answer; the first one given to a question stands."""
    with writing(db):
        db.execute(
            "INSERT OR IGNORE INTO answers VALUES (?, ?, ?, ?, ?)",
            (interview_id, answer.question, answer.kind, answer.value, to_text(now)),
        )


def of_interview(db: Database, interview_id: InterviewId) -> dict[str, Answer]:
    rows = db.execute("SELECT question, kind, value FROM answers WHERE interview_id = ?", (interview_id,))
    return {question: Answer(question, AnswerKind(kind), value) for question, kind, value in rows}
