import json
from collections.abc import Callable
from datetime import timedelta

import numpy as np
import pytest

from appliance.health import Context, Severity
from appliance.health.checks import scheduled
from appliance.store import Database, questionnaires, schedule
from appliance.store.schedule import NewSchedule
from appliance.survey.prompts import PromptLibrary, Source
from appliance.survey.questionnaire import Questionnaire
from appliance.types import Language

Box = Callable[..., Context]
HOUR = timedelta(hours=1)
CONTENT = {
    "id": "vattnet",
    "questions": [{"key": "news", "kind": "scale", "label": {"sv": "Besked"}, "text": {"sv": "Besked? 1 till 5."}}],
}


@pytest.fixture
def box(practice: Box, db: Database) -> Context:
    return practice(db)


def plan(box: Context, begins: timedelta, content: dict[str, object] = CONTENT) -> int:
    assert box.db is not None
    questionnaires.freeze(box.db, str(content["id"]), 1, json.dumps(content))
    when = box.now + begins
    new = NewSchedule((str(content["id"]), 1), (), when, when + 2 * HOUR, "anna")
    return schedule.add(box.db, new, box.now, "the ordinary one")


@pytest.mark.parametrize(("begins", "severity"), [(-HOUR, Severity.ERROR), (HOUR, Severity.WARNING)])
def test_sounds_that_are_missing_are_told(box: Context, begins: timedelta, severity: Severity) -> None:
    plan(box, begins)
    (issue,) = scheduled.run(box)
    assert issue.severity is severity
    assert issue.what == "vattnet has no sound that can be played of question_news: another one is asked instead"
    assert issue.todo == "run: efterklang prompts make question_news --questionnaire vattnet --language sv"


def test_all_is_well_once_they_are_there_or_it_is_withdrawn(box: Context) -> None:
    number = plan(box, -HOUR)
    library = PromptLibrary(box.settings, Questionnaire.model_validate(CONTENT))
    hum = (0.1 * np.sin(np.arange(8000))).astype(np.float32)
    path = library.save("question_news", Language.SWEDISH, hum, Source.MADE)
    assert list(scheduled.run(box)) == []
    path.write_bytes(b"RIFF")
    assert [issue.severity for issue in scheduled.run(box)] == [Severity.ERROR], "a sound that cannot be played is none"
    assert box.db is not None
    schedule.withdraw(box.db, number, "anna", box.now)
    assert list(scheduled.run(box)) == []


def test_the_ordinary_one_must_not_be_a_temporary_one(box: Context) -> None:
    plan(box, -HOUR, CONTENT | {"id": "kontaktcenter"})
    issue = next(iter(scheduled.run(box)))
    assert issue.severity is Severity.ERROR
    assert issue.what.startswith("the ordinary questionnaire kontaktcenter has been scheduled")
