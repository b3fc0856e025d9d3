"""Every sentence of the call has a sound that says it, and the greetings say who calls."""

from collections.abc import Iterator
from typing import Final

from appliance.errors import PromptError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.survey.prompts import PromptLibrary, Source, Wording, how_to_get

TITLE: Final = "every prompt has a sound"


def run(context: Context) -> Iterator[Issue]:
    language = context.settings.survey.language
    library = PromptLibrary(context.settings)
    nameless = []
    for prompt in library.prompts:
        where = f"{library.file(prompt.key, language, Source.OWN)}"
        todo = how_to_get(prompt.key, language)
        try:
            library.samples(prompt.key, language)
        except PromptError as error:
            yield Issue("prompts", Severity.ERROR, f"no call can begin: {error}", where, todo)
            continue
        take = library.take(prompt.key, language)
        if take.wording is Wording.STALE and take.source is Source.SHIPPED:
            nameless.append(prompt.key)
        elif take.wording is Wording.STALE:
            yield Issue("prompts", Severity.WARNING, f"{prompt.key} says other words than its text", where, todo)
    if nameless and context.is_installed:
        what = f"the shipped sound does not name the municipality: {', '.join(nameless)}"
        where = f"{library.file(nameless[0], language, Source.OWN).parent}"
        yield Issue("prompts", Severity.WARNING, what, where, how_to_get(" ".join(nameless), language))
