"""`efterklang run`: everything in the foreground, stopped together."""

import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from appliance.catalog import find_model, verify
from appliance.cli import invocation
from appliance.cli._practice_town import start_exchanges_and_lines
from appliance.cli._tree import ProcessTree
from appliance.custody.opt_outs import open_box
from appliance.intake.inbox import inbox_directory
from appliance.practice.town import Town
from appliance.settings import Settings
from appliance.signals import StopSignal
from appliance.web.serve import bind

_PRACTICE_LINES: Final = 2
_WATCH_SECONDS: Final = 0.3


@click.command()
@click.pass_obj
def run(settings: Settings) -> None:
    """Run everything in the foreground: intake, lines, analyst, page. Ctrl-C stops it.

    Without a [sip] section it is the practice municipality: its exchange and citizens run too.
    """
    stop = StopSignal()
    _look_first(settings)
    tree = ProcessTree(invocation())
    try:
        town = _start(tree, settings)
        click.echo(f"Efterklang runs: http://{settings.web.bind} (stop with Ctrl-C)", err=True)
        while not stop.wait(_WATCH_SECONDS):
            tree.watch()
            if town:
                town.tick(time.monotonic())
    finally:
        tree.stop()
    click.echo("Efterklang has stopped.", err=True)


def _look_first(settings: Settings) -> None:
    """Say what is missing before anything starts."""
    db, _ = open_box(settings.storage.directory, datetime.now(UTC))
    db.close()
    for model in (settings.speech.model, settings.opinions.model):
        verify(find_model(model, settings))
    bind(settings.web.bind).close()


def _start(tree: ProcessTree, settings: Settings) -> Town | None:
    tree.start("web", "web")
    tree.start("analyst", "analyst")
    if settings.sip:
        tree.start("intake", "intake", keeps_sockets=True)
        for number in range(1, settings.sip.processes + 1):
            tree.start(f"line-{number}", "line", str(number))
        return None
    tree.start("intake", "intake", "--practice", keeps_sockets=True)
    start_exchanges_and_lines(tree, _PRACTICE_LINES)
    print("practice municipality: every citizen is simulated, every call is real SIP", file=sys.stderr)  # noqa: T201 -- to the operator
    return Town(Path(inbox_directory(settings.storage.directory)), seed=time.time_ns())
