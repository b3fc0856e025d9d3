"""`efterklang contacts`: ended contacts from a file."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from appliance.cli._records import batches_of, json_of, table_of
from appliance.custody.opt_outs import open_box
from appliance.errors import UsageError
from appliance.intake.doubt import insist_on_clock
from appliance.intake.dry_run import dry_run
from appliance.intake.profile import Profile
from appliance.intake.profile_file import find_profile
from appliance.intake.records import Batch, Tally, admit
from appliance.intake.register import Register, Verdict
from appliance.settings import Settings
from appliance.store import processes
from appliance.store.rehearsal import Records
from appliance.types import DrawReason

_TOLD_REJECTED: Final = 20
"""Lines that are told of one by one."""


@click.group()
def contacts() -> None:
    """Ended contacts: who is surveyed, and why."""


@contacts.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--profile", metavar="NAME|PATH", help="How its lines read; the configuration's intake.profile otherwise."
)
@click.option(
    "--source", metavar="NAME", help="Of the configuration: record them as its own, to close a gap; reads as it does."
)
@click.option("--dry-run", "is_dry", is_flag=True, help="Say what would happen, and change nothing.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object: file, profile, lines, records, reasons, …")
@click.pass_obj
def import_(
    settings: Settings, file: Path, profile: str | None, source: str | None, is_dry: bool, as_json: bool
) -> None:
    """Take in ended contacts from a FILE of call records, and decide upon each.

    A contact taken in before is not taken in twice; it counts with the reason that it has.

    With --dry-run each record is judged as of the moment its call ended, as if it had come in then: of yesterday's
    records it says how many would have been rung yesterday.
    """
    work = _Import(settings, file, _profile_of(settings, profile, source))
    tally = work.try_out() if is_dry else work.take_in()
    if as_json:
        about = {"file": str(file), "profile": work.profile.name, "dry_run": is_dry}
        click.echo(json.dumps({**about, **json_of(tally)}, ensure_ascii=False))
    else:
        _tell(tally, is_dry)
    if tally.rejected:
        raise SystemExit(1)


def _profile_of(settings: Settings, profile: str | None, source: str | None) -> Profile:
    """Its name is the source's."""
    intake, directory = settings.intake, settings.storage.directory
    if source is None:
        return find_profile(directory, profile or intake.profile)
    profiles = {tcp.name: tcp.profile for tcp in intake.tcp} | ({"ami": intake.profile} if intake.ami else {})
    if source not in profiles:
        names = ", ".join(profiles) or "none"
        raise UsageError(f"--source {source}: no such source; the configuration's [intake] has {names}")
    return find_profile(directory, profile or profiles[source]).model_copy(update={"name": source})


class _Import:
    """One file on its way into one box."""

    def __init__(self, settings: Settings, file: Path, profile: Profile) -> None:
        self.profile = profile
        self._settings = settings
        self._file = file
        self._now = datetime.now(UTC)
        self._db, self._keys = open_box(settings.storage.directory, self._now)
        self._register = Register(
            self._db, self._keys, settings, adopts_file=not processes.is_beating(self._db, "intake", self._now)
        )

    def take_in(self) -> Tally:
        insist_on_clock(self._db, self._settings)

        def decide(batch: Batch) -> list[Verdict]:
            return admit(self._db, self._register, self.profile.name, batch, datetime.now(UTC))

        return self._go_through(decide)

    def try_out(self) -> Tally:
        ends = (contact.ended_at for batch in self._batches("Reading") for _, contact in batch.contacts)
        first = last = next(ends, self._now)
        for end in ends:
            first, last = min(first, end), max(last, end)
        with dry_run(self._db, self._keys, self._settings, Records(self.profile.name, first, last)) as decide:
            return self._go_through(decide)

    def _go_through(self, decide: Callable[[Batch], list[Verdict]]) -> Tally:
        tally = Tally()
        for batch in self._batches("Deciding"):
            tally.add(batch, decide(batch))
            for line, rejected in batch.rejected[: max(0, _TOLD_REJECTED + len(batch.rejected) - tally.rejected)]:
                click.echo(f"{self._file}, line {line.number}: {rejected.reason}", err=True)
        if tally.rejected > _TOLD_REJECTED:
            click.echo(f"{self._file}: {tally.rejected - _TOLD_REJECTED} more lines are rejected", err=True)
        return tally

    def _batches(self, label: str) -> Iterator[Batch]:
        zone = ZoneInfo(self._settings.municipality.time_zone)
        reader = self.profile.reader(self.profile.name, zone, self._register.fingerprint)
        return batches_of(self._file, self.profile, reader, self._now, label)


def _tell(tally: Tally, is_dry: bool) -> None:
    would = "would have been rung" if is_dry else "are to be rung"
    click.echo(table_of(tally))
    click.echo()
    click.echo(f"{tally.reasons[DrawReason.QUEUED]} of {tally.records} {would}.")
    if tally.known_before:
        click.echo(f"{tally.known_before} had been decided upon before.")
    click.echo(f"{tally.lines} lines were read, {tally.rejected} of them rejected.")
