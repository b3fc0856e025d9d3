"""`efterklang intake`: the process that learns of ended contacts, and what belongs to it."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import click

from appliance import logs
from appliance.cli.intake_profile import profile
from appliance.custody.opt_outs import open_box
from appliance.settings import Settings, practice_settings
from appliance.signals import StopSignal
from appliance.store import intake_sources, open_store, rejected_lines


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


@intake.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line.")
@click.pass_obj
def sources(settings: Settings, as_json: bool) -> None:
    """Show each source of ended contacts: how it is connected, and what became of its records."""
    for source in intake_sources.all_sources(open_store(settings.storage.directory)):
        if as_json:
            click.echo(json.dumps(asdict(source), ensure_ascii=False, default=str))
            continue
        last = f"{source.last_record_at.astimezone():%Y-%m-%d %H:%M:%S}" if source.last_record_at else "never"
        counts = f"{source.decided} decided, {source.repeated} repeated, {source.rejected} rejected"
        click.echo(f"{source.name}\t{source.state or '-'}\t{counts}, {source.no_record} no records\tlast {last}")


@intake.command()
@click.argument("source", required=False)
@click.option("--count", default=20, show_default=True, type=click.IntRange(1))
@click.pass_obj
def rejected(settings: Settings, source: str | None, count: int) -> None:
    """Show the newest lines of a SOURCE (else of all) that could not be read: why, and what they looked like."""
    for name, at, each in rejected_lines.newest(open_store(settings.storage.directory), source, count):
        click.echo(f"{at.astimezone():%Y-%m-%d %H:%M:%S}\t{name}, line {each.line}: {each.reason}\t{each.masked}")


intake.add_command(profile)
