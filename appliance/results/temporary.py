"""What a temporary questionnaire gave, apart from the ordinary one's series.

Always all that it gave since it was first asked: it is asked of few, and two spans' figures, one taken from the other,
would be what a single citizen has answered.
"""

import json
from dataclasses import dataclass

from appliance.results.overview import (
    MINIMUM_N,
    AreaResult,
    QuestionResult,
    area_results,
    question_results,
)
from appliance.store import figures, questionnaires
from appliance.store.database import Database
from appliance.store.figures import EVER, Span


@dataclass(frozen=True, slots=True)
class TemporaryResult:
    """One questionnaire since it was first asked."""

    id: str
    title: str
    interviews: int | None
    """Partial ones too; None where they are fewer than five, and then nothing else is shown either."""
    questions: tuple[QuestionResult, ...]
    areas: tuple[AreaResult, ...]


def read_temporary(db: Database, span: Span) -> tuple[TemporaryResult, ...]:
    """Each temporary questionnaire that was asked of a span's contacts, the one asked last first."""
    with db.atomic():
        asked = figures.count_temporary(db, span)
        ever = figures.count_temporary(db, EVER) if asked else {}
        return tuple(_result(db, each, ever[each]) for each in asked)


def _result(db: Database, questionnaire_id: str, interviews: int) -> TemporaryResult:
    title = json.loads(questionnaires.versions_of(db, questionnaire_id)[0]).get("title") or questionnaire_id
    if interviews < MINIMUM_N:
        return TemporaryResult(questionnaire_id, title, None, (), ())
    return TemporaryResult(
        questionnaire_id,
        title,
        interviews,
        question_results(db, figures.count_answers(db, EVER, questionnaire_id)),
        area_results(figures.count_opinions(db, EVER, questionnaire_id)),
    )
