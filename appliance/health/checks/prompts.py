"""Every sentence of the call has a sound, and the greeting says who calls."""

from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.survey.prompts import PromptLibrary, Source

TITLE: Final = "every prompt has a sound"


def run(context: Context) -> Iterator[Issue]:
    language = context.settings.survey.language
    library = PromptLibrary(context.settings)
    for prompt in library.prompts:
        source = library.source(prompt.key, language)
        where = f"{library.own_path(prompt.key, language)}"
        todo = f"run: efterklang prompts record {prompt.key} --language {language}"
        if source is Source.MISSING:
            yield Issue("prompts", Severity.ERROR, f"{prompt.key} has no sound: no call can begin", where, todo)
        elif prompt.key == "greeting" and source is Source.SHIPPED and context.is_installed:
            what = "the greeting is the shipped one, which does not name the municipality"
            yield Issue("prompts", Severity.WARNING, what, where, todo)
