"""`efterklang contacts`: ended contacts from a file."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from appliance.custody.opt_outs import open_box
from appliance.intake.inbox import Tally, take_in
from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import trying
from appliance.types import DrawReason


@click.group()
def contacts() -> None:
    """Ended contacts: who is surveyed, and why."""


@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--dry-run", is_flag=True, help="Decide, say what would happen, and change nothing.")
@click.pass_obj
def import_(settings: Settings, file: Path, dry_run: bool) -> None:
    """Take in ended contacts from a CSV FILE and decide upon each.

    Columns: call_id, ended_at, number, queue, wait_seconds, talk_seconds, direction, answered. The first three are
    needed. A contact taken in before is not counted twice.
    """
    db, keys = open_box(settings.storage.directory, datetime.now(UTC))
    register = Register(db, keys, settings)
    zone = ZoneInfo(settings.municipality.time_zone)
    if dry_run:
        with trying(db):
            tally = take_in(file, register, zone, datetime.now(UTC))
    else:
        tally = take_in(file, register, zone, datetime.now(UTC))
    _tell(tally, file)
    if tally.rejected:
        raise SystemExit(1)


def _tell(tally: Tally, file: Path) -> None:
    for reason in DrawReason:
        if count := tally.reasons.get(reason):
            click.echo(f"{reason}\t{count}")
    if tally.known_before:
        click.echo(f"known before\t{tally.known_before}")
    for rejected in tally.rejected:
        click.echo(f"{file}, line {rejected.line}: {rejected.reason}", err=True)
