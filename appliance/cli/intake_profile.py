"""`efterklang intake profile`: from pasted lines of call records to a profile."""

import sys
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final
from zoneinfo import ZoneInfo

import click

from appliance.cli._records import table_of
from appliance.custody.durable import sync_folder
from appliance.custody.opt_outs import open_box
from appliance.errors import IntakeError
from appliance.intake.dry_run import dry_run
from appliance.intake.lines import MAX_LINE_BYTES, Line
from appliance.intake.masking import mask, mask_number
from appliance.intake.records import Batch, Tally
from appliance.intake.wizard.questions import Question
from appliance.intake.wizard.wizard import Proposal, columns_of, propose
from appliance.intake.wizard.words import Role, role_of
from appliance.settings import Settings
from appliance.store import database_path
from appliance.store.rehearsal import Records
from appliance.types import EndedContact

_SAMPLE_LINES: Final = 200
_SHOWN: Final = 5
_WIDTHS: Final = (19, 16, 24, 7, 7, 10, 9)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.option("--name", metavar="NAME", help="Put the profile into the storage's profiles/ under this name.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="Put it there; else it goes to stdout.")
@click.option("--answer", "answers", metavar="KEY=VALUE", multiple=True, help="Settles a question; may be given again.")
@click.pass_obj
def profile(settings: Settings, file: Path, name: str | None, out: Path | None, answers: tuple[str, ...]) -> None:
    """Make a profile from some 20 lines of call records in FILE, or on standard input (-).

    It says what it understood, numbers masked, and asks where two readings fit: on a terminal at once, else it names
    the --answer that settles each question.
    """
    if name is not None and not name.replace("-", "").replace("_", "").isalnum():
        raise click.UsageError("--name must be letters, digits, dashes and underscores")
    raw, given = _sample(file), dict(map(_answer, answers))
    zone = ZoneInfo(settings.municipality.time_zone)
    now = datetime.now(UTC)
    while not isinstance(found := propose(raw, given, now, zone, name or "own"), Proposal):
        _show_columns(raw, given)
        if not is_terminal():
            raise IntakeError(_open_questions(found))
        given[found[0].key] = _prompt(found[0])
    _show_contacts(found.contacts, zone)
    _show_funnel(settings, found.contacts)
    _write(settings, found.text, name, out)


def _sample(file: Path) -> list[bytes]:
    def lines(source: BinaryIO) -> list[bytes]:
        pieces = islice(iter(lambda: source.readline(MAX_LINE_BYTES), b""), _SAMPLE_LINES)
        return [piece.rstrip(b"\r\n") for piece in pieces]

    try:
        if str(file) == "-":
            return lines(sys.stdin.buffer)
        with file.open("rb") as source:
            return lines(source)
    except OSError as error:
        raise IntakeError(f"{file}: cannot read call records: {error.strerror}") from error


def is_terminal() -> bool:
    """Whether somebody is there to be asked."""
    return sys.stdin.isatty()


def _answer(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError("--answer must be KEY=VALUE, such as --answer time-format=%d/%m/%Y")
    return key, value


def _prompt(question: Question) -> str:
    answer: str = click.prompt(question.text, type=click.Choice(question.options), err=True)
    return answer


def _open_questions(questions: Sequence[Question]) -> str:
    told = (f"{each.text} --answer {each.key}={'|'.join(each.options)}" for each in questions)
    return f"two readings fit: {'; '.join(told)}"


def _show_columns(raw: Sequence[bytes], given: dict[str, str]) -> None:
    """What stands in each column, so that the questions can be answered."""
    for column, values in columns_of(raw, given).items():
        if role_of(column) is Role.IGNORED:
            continue  # an agent's name is nobody's business
        some = " | ".join(mask(value) for value in list(dict.fromkeys(filter(None, values)))[:_SHOWN])
        click.echo(f"{column:<20} {some}", err=True)


def _show_contacts(contacts: Sequence[EndedContact], zone: ZoneInfo) -> None:
    click.echo(_row("ended", "number", "queue", "wait s", "talk s", "direction", "answered"), err=True)
    for each in contacts[:_SHOWN]:
        ended = f"{each.ended_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
        figures = (str(each.wait_seconds), str(each.talk_seconds), each.direction, "yes" if each.answered else "no")
        click.echo(_row(ended, mask_number(each.number or "-"), mask(each.queue), *figures), err=True)
    click.echo(f"{len(contacts)} records in all", err=True)


def _row(*values: str) -> str:
    return " ".join(f"{value[:width]:<{width}}" for value, width in zip(values, _WIDTHS, strict=True)).rstrip()


def _show_funnel(settings: Settings, contacts: Sequence[EndedContact]) -> None:
    """What would come of them, where this is a box with a store."""
    directory = settings.storage.directory
    if not database_path(directory).exists() or not contacts:
        return
    db, keys = open_box(directory, datetime.now(UTC))
    batch = Batch([(Line(number, b"", 0), contact) for number, contact in enumerate(contacts, 1)])
    tally = Tally()
    ends = [contact.ended_at for contact in contacts]
    with dry_run(db, keys, settings, Records(contacts[0].source, min(ends), max(ends))) as decide:
        tally.add(batch, decide(batch))
    click.echo(f"\nWhat would have come of them:\n{table_of(tally)}", err=True)


def _write(settings: Settings, text: str, name: str | None, out: Path | None) -> None:
    path = out or (settings.storage.directory / "profiles" / f"{name}.toml" if name else None)
    if path is None:
        click.echo(text, nl=False)
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        raise IntakeError(f"{path}: cannot write the profile: {error.strerror}") from error
    with suppress(OSError):
        sync_folder(path.parent)
    click.echo(path)
