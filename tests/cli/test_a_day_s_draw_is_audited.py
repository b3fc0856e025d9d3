import csv
import json
import re
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_up import MadeUp

from appliance.cli import root
from appliance.custody.keys import load_keys
from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import draws
from appliance.types import Direction, EndedContact

README = Path(__file__).parents[2] / "appliance" / "intake" / "README.md"
NOW = datetime.now(UTC)
YESTERDAY = NOW - timedelta(days=1)
QUEUES = ("Växel", 'Bygg, "bo" och\nmiljö', "=SUM(1)", "")
Run = Callable[..., Result]


@pytest.fixture
def day(box: MadeUp) -> str:
    """Yesterday, with 400 decisions; its date."""
    settings = Settings.model_validate({"dialer": {"share": 0.5, "quiet_days": 0}})
    register = Register(box.db, load_keys(box.directory), settings)
    ended = [
        EndedContact(
            "växel", f"{n}\\å", YESTERDAY, f"070-174 06 {5 + n % 90:02}", QUEUES[n % 4], 1, 5 * (n % 9),
            Direction.INBOUND, answered=True,
        )
        for n in range(400)
    ]  # fmt: skip
    register.admit_all(ended, YESTERDAY)
    return draws.all_days(box.db)[0].isoformat()


@pytest.fixture
def run(box: MadeUp) -> Run:
    return lambda *arguments: CliRunner().invoke(root, ["--storage", str(box.directory), "draw", *map(str, arguments)])


def fields(text: str) -> dict[str, str]:
    return dict(line.split("\t") for line in text.splitlines() if "\t" in line)


def test_a_day_that_is_as_it_was_written_is_right(run: Run, day: str) -> None:
    done = run("verify", day)
    assert done.exit_code == 0, done.output
    told = r": 400 decisions made again, \d+ drawn, \d+ queued, 0 revised: all as the seed and the policies say"
    assert re.search(f"^{day}{told}$", done.output, re.MULTILINE)


def test_what_differs_is_named_and_the_command_says_no(run: Run, day: str, box: MadeUp) -> None:
    who = box.db.execute("SELECT id, draw_sequence FROM contacts WHERE reason = 'not_drawn' LIMIT 1").fetchone()
    with box.db.conn:
        box.db.execute("UPDATE contacts SET reason = 'queued' WHERE id = ?", (who[0],))
    done = run("verify", day)
    assert done.exit_code == 1
    assert f"decision {who[1]} (contact {who[0]}) was not decided as the seed draws" in done.output
    as_json = run("verify", day, "--json")
    told = json.loads(as_json.output)
    assert as_json.exit_code == 1
    assert told["is_right"] is False
    assert {one["contact_id"] for one in told["differences"]} == {who[0], None}
    assert {one["fault"] for one in told["differences"]} >= {"draw", "altered", "digest", "count"}


def test_the_seed_is_shown_when_the_day_is_over(run: Run, day: str, box: MadeUp) -> None:
    shown = fields(run("show", day, "--reveal").output)
    seed = draws.day_of(box.db, draws.all_days(box.db)[0])
    assert seed
    assert shown["seed"] == seed.seed.hex()
    assert shown["seed hash"] == seed.seed_hash
    assert shown["decisions"] == "400"
    assert shown["digest"] == seed.digest.hex()
    assert run("verify", day, "--seed", shown["seed"]).exit_code == 0
    assert "the seed that was given is not the day's" in run("verify", day, "--seed", "00" * 32).output


def test_the_seed_of_a_day_that_still_draws_is_not_shown(run: Run, box: MadeUp) -> None:
    draws.prepare(box.db, NOW.date(), NOW)
    draws.prepare(box.db, NOW.date() + timedelta(days=2), NOW)
    for wanted in (NOW.date() + timedelta(days=2), NOW.date() + timedelta(days=1)):
        done = run("show", wanted, "--reveal")
        assert done.exit_code != 0
        assert "it is revealed once the day is over" in str(done.exception)
    found = draws.day_of(box.db, NOW.date() + timedelta(days=2))
    assert found
    shown = run("show", NOW.date() + timedelta(days=2)).output
    assert found.seed_hash in shown
    assert found.seed.hex() not in shown


@pytest.mark.parametrize("command", ["show", "verify", "export"])
def test_a_day_without_a_draw_says_so(run: Run, command: str) -> None:
    done = run(command, "2020-01-01")
    assert done.exit_code != 0
    assert str(done.exception) == "2020-01-01: no seed was made for this day: nobody was drawn"


def test_a_day_of_an_older_version_says_so(run: Run, box: MadeUp) -> None:
    with box.db.conn:
        box.db.execute("INSERT INTO draw_days (day, seed) VALUES ('2026-10-01', randomblob(32))")
    assert "drawn by version 0.2.0 or older, which kept no record" in str(run("verify", "2026-10-01").exception)


def test_a_seed_that_is_no_number_is_one_clear_line(run: Run, day: str) -> None:
    assert "is no hexadecimal number" in str(run("verify", day, "--seed", "hej").exception)


def auditor(tmp_path: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """The program that the README gives, run as it stands there."""
    (program,) = re.findall(r"```python\n(.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)
    path = tmp_path / "auditor.py"
    path.write_text(program, encoding="utf-8")
    command = [sys.executable, "-W", "ignore", str(path), *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_an_auditor_of_ones_own_comes_to_the_same(run: Run, day: str, tmp_path: Path) -> None:
    out = tmp_path / "day.csv"
    done = run("export", day, "--out", out)
    assert f"{out}: 400 decisions of {day} written" in done.output
    shown = fields(run("show", day, "--reveal").output)
    right = auditor(tmp_path, str(out), shown["seed"], shown["seed hash"])
    assert (right.returncode, right.stderr) == (0, "")
    assert right.stdout == f"digest {shown['digest']}\n"
    out.write_text(out.read_text(encoding="utf-8").replace(",queued,", ",too_late,", 1), encoding="utf-8")
    assert "is not as it was written" in auditor(tmp_path, str(out), shown["seed"], shown["seed hash"]).stderr
    assert "not the seed" in auditor(tmp_path, str(out), "00" * 32, shown["seed hash"]).stderr


def test_no_number_is_in_what_the_auditor_gets(run: Run, day: str) -> None:
    text = run("export", day).output
    assert len(text.splitlines()) > 400
    assert re.search(r"17406\d\d|\+46", re.sub(r"[0-9a-f]{64}", "", text)) is None


def test_the_weights_of_each_queue_are_told(run: Run, day: str) -> None:
    rows = json.loads(run("weights", day, day, "--json").output)
    assert {row["queue"] for row in rows} == set(QUEUES)
    for row in rows:
        assert row["day"] == day
        assert row["corrected_weight"] == row["eligible"] / row["queued"]
    told = list(csv.DictReader(run("weights", day, day).output.splitlines(keepends=True), delimiter="\t"))
    assert [(one["queue"], int(one["queued"])) for one in told] == [(row["queue"], row["queued"]) for row in rows]


def test_weights_of_days_in_the_wrong_order_are_one_clear_line(run: Run, day: str) -> None:
    assert "give the earlier day first" in str(run("weights", day, "2026-01-01").exception)
