from datetime import UTC, datetime
from pathlib import Path

import pytest

from appliance.health import Severity, run_checks
from appliance.health.checks import clock
from appliance.settings import Settings, StorageSettings


def settings_in(directory: Path) -> Settings:
    return Settings(storage=StorageSettings(directory=directory))


def test_a_look_makes_nothing(tmp_path: Path) -> None:
    run_checks(settings_in(tmp_path / "storage"), datetime.now(UTC))
    assert list(tmp_path.iterdir()) == []


def test_every_check_has_its_own_name_and_its_issues_bear_it(storage: Path) -> None:
    storage.chmod(0o777)
    rounds = run_checks(settings_in(storage), datetime.now(UTC))
    assert len({checked.check for checked in rounds}) == len(rounds)
    assert {issue.check for checked in rounds for issue in checked.issues} <= {checked.check for checked in rounds}
    assert next(checked for checked in rounds if checked.check == "storage").failed


def test_every_file_in_the_folder_of_checks_is_made(storage: Path) -> None:
    files = {path.stem for path in Path(clock.__file__).parent.glob("*.py")} - {"__init__"}
    assert {checked.check for checked in run_checks(settings_in(storage), datetime.now(UTC))} == files


def test_a_quick_round_leaves_out_what_reads_large_files(storage: Path) -> None:
    every = {checked.check for checked in run_checks(settings_in(storage), datetime.now(UTC))}
    quick = {checked.check for checked in run_checks(settings_in(storage), datetime.now(UTC), quick=True)}
    assert every - quick == {"database", "models"}


def test_a_check_that_falls_is_a_finding_and_the_others_are_made(
    storage: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(_: object) -> None:
        raise RuntimeError("the clock fell off the wall")

    monkeypatch.setattr(clock, "run", fall)
    rounds = run_checks(settings_in(storage), datetime.now(UTC))
    (fallen,) = next(checked for checked in rounds if checked.check == "clock").issues
    assert fallen.severity is Severity.UNKNOWN
    assert fallen.what == "could not be looked at: the clock fell off the wall"
    assert len(rounds) > 10
