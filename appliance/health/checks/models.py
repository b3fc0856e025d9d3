"""The two models are installed, every byte of them is right, they fit the machine, and the analyst works with them."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance import machine
from appliance.catalog import find_model, read_calibration, read_catalog, read_manifest, verify_noted
from appliance.errors import ModelError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.settings import Settings
from appliance.store import comment_queue, processes

TITLE: Final = "the speech and opinions models are whole"
_READ_LATELY: Final = timedelta(hours=26)
"""Every start of the analyst and every night read all bytes."""
_ENOUGH: Final = 1.5
"""Seconds of sound a second: eight lines that ring without a pause record about one."""


def run(context: Context) -> Iterator[Issue | str]:
    settings = context.settings
    is_whole = True
    for key, name in (("speech.model", settings.speech.model), ("opinions.model", settings.opinions.model)):
        try:
            read_at = verify_noted(find_model(name, settings), settings, _READ_LATELY)
            yield f"{name}, every byte read {read_at.astimezone():%Y-%m-%d %H:%M}"
        except ModelError as error:
            is_whole = False
            yield _issue(Severity.ERROR, f"{error}", f"{key} {name}")
    waits = processes.missing_model(context.db, context.now) if context.db is not None else None
    unspoken = list(_unspoken(context)) if is_whole else []
    yield from unspoken
    if is_whole and waits and not unspoken:
        yield _issue(Severity.ERROR, f"the analyst waits: {waits}", "analyst")
    other = processes.other_model(context.db, settings.speech.model, context.now) if context.db is not None else None
    if other:
        yield _issue(Severity.WARNING, other, "analyst")
    yield from _too_large(settings.speech.model)
    if is_whole:
        yield from _pace(settings)


def _issue(severity: Severity, said: str, where: str) -> Issue:
    what, _, todo = said.partition("; ")
    return Issue("models", severity, what, where, todo or "install it, or name another")


def _unspoken(context: Context) -> Iterator[Issue]:
    """Languages that are asked in, or that a comment waits in, and that the speech model does not know."""
    settings = context.settings
    name = settings.speech.model
    spoken = read_manifest(find_model(name, settings)).languages
    waiting = comment_queue.languages(context.db) if context.db is not None else set()
    for language in sorted({settings.survey.language, *waiting} - set(spoken)):
        what = f"{name} speaks {', '.join(spoken) or 'no language'}, not {language}: comments in it wait"
        yield _issue(Severity.ERROR, f"{what}; set speech.model to one that speaks it", f"speech.model {name}")


def _too_large(name: str) -> Iterator[Issue]:
    entry, memory_mb = read_catalog().get(name), machine.memory_bytes() / 1e6
    if entry and entry.memory_mb and memory_mb < entry.memory_mb:
        what = f"{name} needs {entry.memory_mb} MB of memory, the machine has {memory_mb:.0f} MB"
        yield _issue(Severity.WARNING, f"{what}; name a smaller model, or give the machine more", "speech.model")


def _pace(settings: Settings) -> Iterator[Issue | str]:
    """How fast the speech model was found to be on this machine."""
    name = settings.speech.model
    found = read_calibration(settings, read_manifest(find_model(name, settings)).digest)
    if found and found.times_real_time < _ENOUGH:
        what = f"{name} hears {found.times_real_time:.1f} seconds of speech a second: comments will wait"
        yield _issue(Severity.WARNING, f"{what}; name a smaller model, or give the machine more cores", "speech.model")
    elif found:
        yield f"{name} is heard at {found.times_real_time:.0f} times real time"
