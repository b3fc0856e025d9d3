"""`efterklang report`: the year report as a file."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from appliance.errors import EfterklangError, UsageError
from appliance.settings import Settings
from appliance.types import Language

_FORMATS: Final = ("html", "json")


@click.command()
@click.argument("year", type=click.IntRange(2000, 2100))
@click.option("--format", "kind", metavar="|".join(_FORMATS), default="html", show_default=True, help="What to write.")
@click.option(
    "--language",
    type=click.Choice([one.value for one in Language]),
    default="sv",
    show_default=True,
    help="Of the HTML.",
)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; else standard output.")
@click.pass_obj
def report(settings: Settings, year: int, kind: str, language: str, out: Path | None) -> None:
    """What citizens thought in YEAR, against the year before."""
    if kind not in _FORMATS:
        raise UsageError(f"report --format {kind}: no such format; this release writes {' and '.join(_FORMATS)}")
    text = _make(settings, year, kind, Language(language))
    if out is None:
        click.echo(text, nl=False)
        return
    try:
        out.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EfterklangError(f"{out}: cannot write the report: {error.strerror}") from error
    click.echo(f"{out}: report of {year} written", err=True)


def _make(settings: Settings, year: int, kind: str, language: Language) -> str:
    from appliance.results.report import make_report
    from appliance.results.report_html import report_html
    from appliance.results.report_json import report_json
    from appliance.results.words import Words
    from appliance.store import open_store

    db = open_store(settings.storage.directory)
    try:
        made = make_report(db, settings.municipality, year, datetime.now(UTC))
    finally:
        db.close()
    if made.overview.funnel.contacts == 0:
        click.echo(f"no contact ended in {year}", err=True)
    return (
        report_json(made)
        if kind == "json"
        else report_html(made, Words(language, ZoneInfo(made.municipality.time_zone)))
    )
