"""The two models are installed, and every byte of them is right."""

from collections.abc import Iterator
from typing import Final

from appliance.catalog import find_model, verify
from appliance.errors import ModelError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the speech and opinions models are whole"


def run(context: Context) -> Iterator[Issue]:
    settings = context.settings
    for key, name in (("speech.model", settings.speech.model), ("opinions.model", settings.opinions.model)):
        try:
            verify(find_model(name, settings))
        except ModelError as error:
            what, _, todo = f"{error}".partition("; ")
            yield Issue("models", Severity.ERROR, what, f"{key} {name}", todo or "install it, or name another")
