"""`efterklang check`: every health check, one line each."""

import json
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from appliance.health import Checked, Severity, run_checks
from appliance.settings import Settings
from appliance.settings_file import find

_MARKS: Final = {
    Severity.ERROR: ("✗", "FAILED"),
    Severity.WARNING: ("!", "WARNING"),
    Severity.UNKNOWN: ("?", "UNKNOWN"),
}
_WELL: Final = ("✓", "ok")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_context
def check(context: click.Context, as_json: bool) -> None:
    """Every health check; exit 1 where one has failed (a warning is no failure)."""
    settings: Settings = context.obj
    option: Path | None = context.find_root().params.get("config")
    rounds = run_checks(settings, datetime.now(UTC), find(option))
    ok = not any(each.failed for each in rounds)
    if as_json:
        click.echo(json.dumps({"ok": ok, "checks": [_row(each) for each in rounds]}, ensure_ascii=False))
    else:
        for each in rounds:
            _show(each)
    context.exit(0 if ok else 1)


def _row(checked: Checked) -> dict[str, object]:
    issues = [asdict(issue) for issue in checked.issues]
    return {"check": checked.check, "title": checked.title, "note": checked.note, "issues": issues}


def _show(checked: Checked) -> None:
    if not checked.issues:
        _line(_WELL, checked.check, f"{checked.title}{checked.note and f': {checked.note}'}")
    for issue in checked.issues:
        _line(_MARKS[issue.severity], checked.check, f"{issue.what} ({issue.where}); {issue.todo}")


def _line(mark: tuple[str, str], name: str, text: str) -> None:
    sign, word = mark
    line = f"{sign} {word:7}  {name:16} {text}"
    # A terminal of another age still gets the words.
    encoding = sys.stdout.encoding or "ascii"
    click.echo(line.encode(encoding, "replace").decode(encoding))
