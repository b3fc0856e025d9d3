import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_up import MadeUp

from appliance.cli.report import report
from appliance.errors import EfterklangError, UsageError
from appliance.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path)
    for _ in range(6):
        made.comment()
    yield made
    made.db.close()


@pytest.fixture
def run(made: MadeUp) -> Run:
    settings = Settings.model_validate({"storage": {"directory": made.directory}})
    return lambda *arguments: CliRunner().invoke(report, list(arguments), obj=settings)


def test_json_on_standard_output_is_nothing_but_json(run: Run) -> None:
    result = run("2026", "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    assert json.loads(result.stdout)["areas"][2]["n"] == 6


def test_html_is_the_default_in_swedish(run: Run) -> None:
    assert run("2026").stdout.startswith('<!doctype html>\n<html lang="sv">')
    assert '<html lang="en">' in run("2026", "--language", "en").stdout


def test_a_file_is_written_and_named(run: Run, tmp_path: Path) -> None:
    target = tmp_path / "rapport.json"
    result = run("2026", "--format", "json", "--out", str(target))
    assert (result.exit_code, result.stdout) == (0, "")
    assert str(target) in result.stderr
    assert json.loads(target.read_text(encoding="utf-8"))["year"] == 2026


def test_a_file_that_cannot_be_written_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    result = run("2026", "--out", str(tmp_path / "nowhere" / "rapport.html"))
    assert isinstance(result.exception, EfterklangError)
    assert str(result.exception).endswith("rapport.html: cannot write the report: No such file or directory")


@pytest.mark.parametrize("kind", ["pdf", "csv", "xml"])
def test_a_format_that_is_none_names_those_that_are(run: Run, kind: str) -> None:
    result = run("2026", "--format", kind)
    assert isinstance(result.exception, UsageError)
    assert str(result.exception) == f"report --format {kind}: no such format; this release writes html and json"


@pytest.mark.parametrize("year", ["abc", "1999", "20260"])
def test_a_year_must_be_one(run: Run, year: str) -> None:
    assert run(year).exit_code == 2


def test_a_year_without_contacts_says_so(run: Run) -> None:
    result = run("2024", "--format", "json")
    assert result.exit_code == 0
    assert result.stderr == "no contact ended in 2024\n"
