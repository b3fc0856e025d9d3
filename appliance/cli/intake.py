"""`efterklang intake`: the process that learns of ended contacts, and what belongs to it."""

from datetime import UTC, datetime

import click

from appliance import logs
from appliance.custody.opt_outs import open_box
from appliance.settings import Settings, practice_settings
from appliance.signals import StopSignal


@click.group(invoke_without_command=True)
@click.option("--practice", is_flag=True, help="Draw as the practice municipality does.")
@click.pass_context
def intake(ctx: click.Context, practice: bool) -> None:
    """Take in ended contacts, from every way in that the configuration opens."""
    if ctx.invoked_subcommand is None:
        _run(practice_settings(ctx.obj) if practice else ctx.obj)


def _run(settings: Settings) -> None:
    from appliance.intake.worker import run

    logs.set_up("intake")
    stop = StopSignal()
    db, keys = open_box(settings.storage.directory, datetime.now(UTC))
    run(db, keys, settings, stop)
