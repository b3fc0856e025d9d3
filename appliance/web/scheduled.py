"""What is scheduled, as the pages tell it: the period, who is asked, and whether it can be asked at all."""

from dataclasses import dataclass
from datetime import datetime

from appliance.store import questionnaires, schedule
from appliance.store.schedule import Scheduled, ScheduleState
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import Questionnaire
from appliance.web.state import now, page, store


@dataclass(frozen=True, slots=True)
class Planned:
    """One entry of the schedule."""

    entry: Scheduled
    questionnaire: Questionnaire
    state: ScheduleState
    missing: tuple[str, ...]
    """Its prompts without a sound; while there are any the ordinary questionnaire is asked."""

    @property
    def is_to_come(self) -> bool:
        """In force, or still to begin."""
        return self.state in {ScheduleState.IN_FORCE, ScheduleState.UPCOMING}

    @property
    def until(self) -> datetime:
        """When it ends, or was withdrawn."""
        return min(self.entry.ends_at, self.entry.withdrawn_at or self.entry.ends_at)


def library_of(questionnaire: Questionnaire) -> PromptLibrary:
    return PromptLibrary(page().settings, questionnaire)


def missing_sounds(questionnaire: Questionnaire) -> tuple[str, ...]:
    return tuple(library_of(questionnaire).missing(page().settings.survey.language))


def version_of(questionnaire_id: str, version: int) -> Questionnaire | None:
    content = questionnaires.content_of(store(), questionnaire_id, version)
    return Questionnaire.from_json(content) if content else None


def planned(entries: list[Scheduled]) -> list[Planned]:
    found = [(one, version_of(*one.questionnaire)) for one in entries]
    return [Planned(one, asked, one.state(now()), missing_sounds(asked)) for one, asked in found if asked]


def unspoken() -> list[str]:
    """The names of those that should be asked now and are not, for want of sounds."""
    coming = planned(schedule.to_come(store(), now()))
    return [one.questionnaire.name for one in coming if one.state is ScheduleState.IN_FORCE and one.missing]
