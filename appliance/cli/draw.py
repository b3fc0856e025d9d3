"""`efterklang draw`: who is drawn: the seed of each day, and whether a day was drawn as its seed says."""

import csv
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from appliance.errors import EfterklangError, UsageError
from appliance.intake.audit import Audit, Finding
from appliance.settings import Settings
from appliance.store import Database, draws, open_store
from appliance.store.draws import DrawDay
from appliance.store.figures import Span
from appliance.store.weights import Stratum, strata
from appliance.types import DrawReason

_DAY = click.DateTime(["%Y-%m-%d"])
_WEIGHTS: Final = ("day", "queue", "eligible", "drawn", "queued", "correction", "corrected_weight")


@click.group()
def draw() -> None:
    """Who is drawn: the seed of each day, and whether a day was drawn as its seed says."""


@draw.command()
@click.argument("day", metavar="[DATE]", type=_DAY, required=False)
@click.option(
    "--reveal", is_flag=True, help="The seed itself, of a day that is over: from then on anybody can verify it."
)
@click.pass_obj
def show(settings: Settings, day: datetime | None, reveal: bool) -> None:
    """A day's seed hash, when it was made, and what was decided by it so far; today's otherwise.

    Note hash and digest down, or publish them: neither seed nor decisions can be changed afterwards unnoticed.
    """
    today = datetime.now(ZoneInfo(settings.municipality.time_zone)).date()
    wanted = day.date() if day else today
    if reveal and wanted >= today:
        raise UsageError(
            f"draw show {wanted} --reveal: the seed draws until midnight; it is revealed once the day is over"
        )
    from appliance.intake.draw_record import open_day

    with _opened(settings) as db:
        found = open_day(db, wanted)
        click.echo(f"day\t{found.day}")
        _tell_seed(found)
        click.echo(f"decisions\t{found.decisions}")
        click.echo(f"drawn\t{draws.drawn_on(db, found.day)}")
        click.echo(f"queued\t{found.queued}")
        click.echo(f"digest\t{found.digest.hex()}")
        if reveal:
            click.echo(f"seed\t{found.seed.hex()}")


@draw.command()
@click.argument("day", metavar="DATE", type=_DAY)
@click.option("--seed", metavar="HEX", help="The seed as it was revealed, instead of the store's.")
@click.option("--json", "as_json", is_flag=True, help="The result as JSON.")
@click.pass_obj
def verify(settings: Settings, day: datetime, seed: str | None, as_json: bool) -> None:
    """Make every decision of DATE again from its seed and say what differs; exit 1 where anything does.

    Looks at the draw itself, each share against the policy in force, the chain over all decisions and revisions, and
    the counts. Days before version 0.3.0 have no record to verify.
    """
    from appliance.intake.draw_record import audit_day

    with _opened(settings) as db:
        found, made = audit_day(db, day.date(), _seed_of(seed))
    if as_json:
        click.echo(json.dumps(_as_json(found, made), indent=2))
    else:
        _tell(found, made)
    if made.findings:
        raise SystemExit(1)


@draw.command()
@click.argument("day", metavar="DATE", type=_DAY)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def export(settings: Settings, day: datetime, out: Path | None) -> None:
    """Every decision of DATE as CSV, for an auditor with a program of their own; no number is in it.

    The formula stands in appliance/intake/README.md: with the seed, twenty lines of any language repeat the day.
    """
    from appliance.intake.draw_record import as_csv, open_day

    with _opened(settings) as db, db.atomic():
        found = open_day(db, day.date())
        text = "".join(as_csv(draws.entries_of(db, found.day)))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise EfterklangError(f"{out}: cannot write the decisions: {error.strerror}") from error
    click.echo(f"{out}: {found.decisions} decisions of {found.day} written", err=True)


@draw.command()
@click.argument("first", metavar="FROM", type=_DAY)
@click.argument("last", metavar="TO", type=_DAY)
@click.option("--json", "as_json", is_flag=True, help="The table as JSON.")
@click.pass_obj
def weights(settings: Settings, first: datetime, last: datetime, *, as_json: bool) -> None:
    """How many eligible contacts each queued one stands for, by queue and day, of calls that ended FROM … TO.

    Where a cap, a quota or a late hour took some of the drawn away, multiply an interview's weight by the correction.
    """
    if last < first:
        raise UsageError(f"draw weights: {last:%Y-%m-%d} is before {first:%Y-%m-%d}; give the earlier day first")
    zone = ZoneInfo(settings.municipality.time_zone)
    span = Span(first.replace(tzinfo=zone), (last + timedelta(days=1)).replace(tzinfo=zone))
    with _opened(settings) as db:
        rows = [_weights(one) for one in strata(db, span)]
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    table = csv.DictWriter(sys.stdout, _WEIGHTS, delimiter="\t", lineterminator="\n")
    table.writeheader()
    table.writerows(rows)


def _weights(one: Stratum) -> dict[str, object]:
    counts = (one.day.isoformat(), one.queue, one.eligible, one.drawn, one.queued)
    return dict(zip(_WEIGHTS, (*counts, one.correction, one.corrected_weight), strict=True))


@contextmanager
def _opened(settings: Settings) -> Iterator[Database]:
    db = open_store(settings.storage.directory)
    try:
        yield db
    finally:
        db.close()


def _seed_of(text: str | None) -> bytes | None:
    try:
        return None if text is None else bytes.fromhex(text)
    except ValueError:
        raise UsageError("--seed: is no hexadecimal number; efterklang draw show DATE --reveal prints it") from None


def _tell_seed(day: DrawDay) -> None:
    click.echo(f"seed hash\t{day.seed_hash}")
    made_at = (
        day.made_at.astimezone(UTC).isoformat(timespec="seconds") if day.made_at else "unknown: by an older version"
    )
    click.echo(f"made at\t{made_at}")


def _tell(day: DrawDay, made: Audit) -> None:
    _tell_seed(day)
    for finding in made.findings:
        click.echo(_sentence(finding))
    told = f"{made.reasons.total()} decisions made again, {made.drawn} drawn, {made.reasons[DrawReason.QUEUED]} queued"
    told += f", {made.revisions} revised"
    if made.findings:
        click.echo(f"{day.day}: {told}: {len(made.findings)} differences")
    else:
        click.echo(f"{day.day}: {told}: all as the seed and the policies say")
    click.echo(f"digest\t{made.digest.hex()}")


def _sentence(finding: Finding) -> str:
    if finding.sequence is None:
        return f"{finding.fault}"
    who = "" if finding.contact_id is None else f" (contact {finding.contact_id})"
    return f"decision {finding.sequence}{who} {finding.fault}"


def _as_json(day: DrawDay, made: Audit) -> dict[str, object]:
    return {
        "day": day.day.isoformat(),
        "seed_hash": day.seed_hash,
        "made_at": day.made_at and day.made_at.isoformat(),
        "decisions": made.reasons.total(),
        "drawn": made.drawn,
        "queued": made.reasons[DrawReason.QUEUED],
        "revisions": made.revisions,
        "reasons": dict(made.reasons),
        "digest": made.digest.hex(),
        "is_right": not made.findings,
        "differences": [
            {"contact_id": one.contact_id, "decision": one.sequence, "fault": one.fault.name.lower(), "text": one.fault}
            for one in made.findings
        ],
    }
