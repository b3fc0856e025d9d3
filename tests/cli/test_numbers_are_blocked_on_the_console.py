from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_up import MadeUp

from appliance.cli import root
from appliance.custody.ledger import ledger_path
from appliance.errors import CustodyError, UsageError
from appliance.store.opt_outs import contains, last

NUMBER, E164 = "070-174 06 05", "+46701740605"


def run(box: MadeUp, *arguments: str, given: str = "") -> Result:
    return CliRunner().invoke(root, ["--storage", str(box.directory), "opt-outs", *arguments], input=given)


def test_a_number_is_read_from_standard_input(box: MadeUp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUDO_USER", "bo")
    assert run(box, "check", given=f"{NUMBER}\n").exit_code == 1
    result = run(box, "add", given=f"{NUMBER}\n")
    assert (result.exit_code, result.stderr) == (0, "the number is blocked\n")
    assert run(box, "add", given=NUMBER).stderr == "the number was blocked before\n"
    assert run(box, "check", given=NUMBER).stdout == "blocked\n"
    change = last(box.db, box.hash_of(E164))
    assert change is not None
    assert (change.source, change.changed_by) == ("console", "bo")


def test_no_number_is_an_argument(box: MadeUp) -> None:
    for command in ("add", "remove", "check"):
        assert run(box, command, NUMBER).exit_code == 2
    assert "history" in run(box, "--help").output


def test_a_block_is_lifted_at_the_citizen_s_wish_only(box: MadeUp) -> None:
    run(box, "add", given=NUMBER)
    refused = run(box, "remove", given=NUMBER)
    assert isinstance(refused.exception, UsageError)
    assert contains(box.db, box.hash_of(E164))
    assert run(box, "remove", "--wished", given=NUMBER).stderr == "the block is lifted\n"
    assert not contains(box.db, box.hash_of(E164))
    assert run(box, "count").stdout == "0\n"


def test_what_is_no_number_is_not_repeated(box: MadeUp) -> None:
    for written in ("112", "12345678901234", ""):
        error = run(box, "add", given=written).exception
        assert isinstance(error, UsageError)
        assert not written or written not in str(error)


@pytest.mark.parametrize("is_piped", [True, False])
def test_a_list_is_taken_in(box: MadeUp, tmp_path: Path, is_piped: bool) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"Nummer\n{NUMBER}\nhemligt 1\n", encoding="utf-8")
    result = run(box, "import", "-", given=path.read_text()) if is_piped else run(box, "import", str(path))
    assert (result.exit_code, result.stdout) == (1, "new\t1\nblocked before\t0\nrepeated\t0\nlines\t1\nunreadable\t1\n")
    assert "line 3" in result.stderr
    assert "hemligt" not in result.output
    assert contains(box.db, box.hash_of(E164))


def test_a_ledger_that_was_kept_aside_is_merged(box: MadeUp, tmp_path: Path) -> None:
    run(box, "add", given=NUMBER)
    aside = tmp_path / "aside.ledger"
    ledger_path(box.directory).rename(aside)
    box.db.execute("DELETE FROM opt_outs")
    box.db.execute("DELETE FROM opt_outs_ledger")
    assert run(box, "count").stdout == "0\n"
    assert run(box, "merge", str(aside)).stderr == "1 numbers were news; 1 are blocked now\n"
    assert contains(box.db, box.hash_of(E164))
    assert run(box, "merge", str(aside)).stderr == "0 numbers were news; 1 are blocked now\n"


def test_another_box_s_ledger_is_refused(box: MadeUp, tmp_path: Path) -> None:
    other = MadeUp(tmp_path / "other")
    error = run(box, "merge", str(ledger_path(other.directory))).exception
    assert isinstance(error, CustodyError)
    other.db.close()
    missing = run(box, "merge", str(tmp_path / "none")).exception
    assert "No such file" in str(missing)
