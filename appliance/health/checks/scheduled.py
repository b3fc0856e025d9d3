"""What is scheduled can be asked: every question has its sound, and its answers are not the ordinary one's."""

from collections.abc import Iterator
from typing import Final

from appliance.errors import PromptError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import questionnaires, schedule
from appliance.store.schedule import ScheduleState
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import Questionnaire, load_questionnaire
from appliance.types import Language

TITLE: Final = "every scheduled questionnaire can be asked"


def run(context: Context) -> Iterator[Issue]:
    if context.db is None:
        return
    ordinary = load_questionnaire(context.settings.survey.questionnaire)
    if schedule.is_temporary(context.db, ordinary.id):
        what = (
            f"the ordinary questionnaire {ordinary.id} has been scheduled for a time, and is counted as a temporary one"
        )
        yield Issue("scheduled", Severity.ERROR, what, "survey.questionnaire", "give the ordinary one another id")
    language = context.settings.survey.language
    for one in schedule.to_come(context.db, context.now):
        content = questionnaires.content_of(context.db, *one.questionnaire)
        asked = Questionnaire.from_json(content or "")
        missing = list(_unplayable(PromptLibrary(context.settings, asked), language))
        if missing:
            in_force = one.state(context.now) is ScheduleState.IN_FORCE
            severity = Severity.ERROR if in_force else Severity.WARNING
            silent = ", ".join(missing)
            what = f"{asked.name} has no sound that can be played of {silent}: another one is asked instead"
            todo = f"run: efterklang prompts make {' '.join(missing)} --questionnaire {asked.id} --language {language}"
            yield Issue("scheduled", severity, what, f"schedule {one.id}", todo)


def _unplayable(library: PromptLibrary, language: Language) -> Iterator[str]:
    for prompt in library.prompts:
        try:
            library.samples(prompt.key, language)
        except PromptError:
            yield prompt.key
