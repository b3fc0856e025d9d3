"""The two models are installed, every byte of them is right, they fit the machine, and the analyst works with them."""

from collections.abc import Iterator
from typing import Final

from appliance import machine
from appliance.catalog import find_model, read_catalog, verify
from appliance.errors import ModelError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import processes

TITLE: Final = "the speech and opinions models are whole"


def run(context: Context) -> Iterator[Issue]:
    settings = context.settings
    is_whole = True
    for key, name in (("speech.model", settings.speech.model), ("opinions.model", settings.opinions.model)):
        try:
            verify(find_model(name, settings))
        except ModelError as error:
            is_whole = False
            yield _issue(Severity.ERROR, f"{error}", f"{key} {name}")
    waits = processes.missing_model(context.db) if context.db is not None else None
    if is_whole and waits:
        yield _issue(Severity.ERROR, f"the analyst waits: {waits}", "analyst")
    yield from _too_large(settings.speech.model)


def _issue(severity: Severity, said: str, where: str) -> Issue:
    what, _, todo = said.partition("; ")
    return Issue("models", severity, what, where, todo or "install it, or name another")


def _too_large(name: str) -> Iterator[Issue]:
    entry, memory_mb = read_catalog().get(name), machine.memory_bytes() / 1e6
    if entry and entry.memory_mb and memory_mb < entry.memory_mb:
        what = f"{name} needs {entry.memory_mb} MB of memory, the machine has {memory_mb:.0f} MB"
        yield _issue(Severity.WARNING, f"{what}; name a smaller model, or give the machine more", "speech.model")
