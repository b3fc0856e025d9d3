"""Every process beats, and every line is registered with the PBX."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import processes
from appliance.store.processes import ProcessBeat

TITLE: Final = "every process is at work"
_SILENT: Final = timedelta(seconds=60)


def run(context: Context) -> Iterator[Issue]:
    beats = processes.all_beats(context.db) if context.db is not None else []
    for beat in beats:
        if context.now - beat.beat_at > _SILENT:
            what = f"{beat.name} has not been heard since {beat.beat_at.astimezone():%Y-%m-%d %H:%M:%S}"
            yield Issue("processes", Severity.ERROR, what, beat.name, _look_at(beat.name))
        elif "not registered" in beat.note:
            todo = "see whether the PBX is up, and user, password and address in [sip]"
            yield Issue("processes", Severity.ERROR, f"{beat.name} is {_registration(beat)}", beat.name, todo)
    if context.is_installed:
        yield from _missing(context, {beat.name for beat in beats})


def _missing(context: Context, running: set[str]) -> Iterator[Issue]:
    lines = context.settings.sip.processes if context.settings.sip else 0
    expected = ["intake", "analyst", *(f"line-{number}" for number in range(1, lines + 1))]
    for name in expected:
        if name not in running:
            also = "; a new line needs scripts/install.sh once more" if name.startswith("line-") else ""
            todo = f"run: systemctl start efterklang.target{also}"
            yield Issue("processes", Severity.ERROR, f"{name} does not run", name, todo)


def _look_at(name: str) -> str:
    return f"run: systemctl status efterklang-{name.replace('line-', 'line@')}"


def _registration(beat: ProcessBeat) -> str:
    return beat.note[beat.note.index("not registered") :]
