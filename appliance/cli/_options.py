"""Options that several commands have."""

import click

from appliance.errors import UsageError
from appliance.settings import Settings
from appliance.store import open_store, questionnaires
from appliance.survey import microphone
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import Questionnaire
from appliance.types import Language

language_option = click.option(
    "--language", type=click.Choice([each.value for each in Language]), help="Default: the survey's."
)
device_option = click.option("--device", metavar="NAME|NUMBER", help="Sound device; the machine's default otherwise.")


questionnaire_option = click.option(
    "--questionnaire",
    "questionnaire_id",
    metavar="ID",
    help="The questions of this questionnaire instead: efterklang questionnaires list.",
)


def chosen_library(settings: Settings, questionnaire_id: str | None) -> PromptLibrary:
    """The ordinary questionnaire's prompts, or the questions of another's newest version."""
    if questionnaire_id is None:
        return PromptLibrary(settings)
    db = open_store(settings.storage.directory)
    try:
        versions = questionnaires.versions_of(db, questionnaire_id)
    finally:
        db.close()
    if not versions:
        raise UsageError(f"no questionnaire {questionnaire_id}; efterklang questionnaires list shows all")
    return PromptLibrary(settings, Questionnaire.from_json(versions[0]))


def chosen_language(language: str | None, settings: Settings) -> Language:
    return Language(language or settings.survey.language)


def chosen_device(device: str | None) -> microphone.Device:
    return int(device) if device is not None and device.isdecimal() else device
