from pathlib import Path
from unittest import mock

import pytest
from click.testing import CliRunner, Result
from made_up import MadeUp

from appliance.cli.intake import intake
from appliance.errors import IntakeError
from appliance.intake.profile_file import load_profile
from appliance.settings import Settings

LINES = """\
Samtalsid;Sluttid;Telefon;Kö;Väntetid;Samtalstid;Riktning;Besvarat;Agent
1;01/11/2025 14:05;070-174 06 05;Bygg;10;120;In;Ja;Kalle Svensson
2;02/11/2025 14:07;070-174 06 06;Bygg;12;90;In;Nej;Kalle Svensson
3;03/11/2025 14:09;031-390 06 00;Växel;9;45;Ut;Ja;Kalle Svensson
"""
ANSWER = ("--answer", "time-format=%d/%m/%Y %H:%M")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate({"storage": {"directory": tmp_path / "box"}})


def wizard(settings: Settings, *arguments: object, pasted: str = LINES) -> Result:
    return CliRunner().invoke(intake, ["profile", *map(str, arguments)], obj=settings, input=pasted.encode())


def test_the_profile_goes_to_stdout_and_what_was_understood_to_stderr(settings: Settings, tmp_path: Path) -> None:
    result = wizard(settings, "-", *ANSWER)
    assert result.exit_code == 0, result.output
    path = tmp_path / "own.toml"
    path.write_text(result.stdout, encoding="utf-8")
    assert load_profile(path).ended.format == "%d/%m/%Y %H:%M"
    assert "2025-11-01 14:05:00 0xx-xxx xx xx    Bygg" in result.stderr
    assert "3 records in all" in result.stderr
    assert "What would have come of them" not in result.stderr, "there is no store"
    assert not settings.storage.directory.exists()


def test_open_questions_are_one_clear_line_with_the_answers_that_settle_them(settings: Settings) -> None:
    result = wizard(settings, "-")
    assert isinstance(result.exception, IntakeError)
    assert str(result.exception) == (
        "two readings fit: How is Sluttid written? --answer time-format=%d/%m/%Y %H:%M|%m/%d/%Y %H:%M"
    )
    assert "Sluttid              01/11/2025 14:05 | 02/11/2025 14:07" in result.stderr
    assert "070" not in result.output
    assert "Kalle" not in result.output


def test_on_a_terminal_it_asks(settings: Settings, tmp_path: Path) -> None:
    path = tmp_path / "lines.csv"
    path.write_text(LINES, encoding="utf-8")
    terminal = mock.patch("appliance.cli.intake_profile.is_terminal", return_value=True)
    with terminal:
        result = wizard(settings, path, "--out", tmp_path / "own.toml", pasted="heltal\n%d/%m/%Y %H:%M\n")
    assert result.exit_code == 0, result.output
    assert "How is Sluttid written?" in result.stderr
    assert result.stdout == f"{tmp_path / 'own.toml'}\n"
    assert load_profile(tmp_path / "own.toml").ended.format == "%d/%m/%Y %H:%M"


def test_by_its_name_it_is_the_profile_of_a_folder_in_the_inbox(settings: Settings) -> None:
    assert wizard(settings, "-", "--name", "trio", *ANSWER).exit_code == 0
    assert load_profile(settings.storage.directory / "profiles" / "trio.toml").name == "trio"
    again = wizard(settings, "-", "--name", "trio", *ANSWER)
    assert isinstance(again.exception, IntakeError)
    assert str(again.exception).endswith("trio.toml: cannot write the profile: File exists")
    assert wizard(settings, "-", "--name", "../trio", *ANSWER).exit_code == 2


def test_where_a_store_is_it_says_what_would_have_come_of_them(box: MadeUp) -> None:
    settings = Settings.model_validate({"storage": {"directory": box.directory}, "dialer": {"share": 1.0}})
    result = wizard(settings, "-", *ANSWER)
    assert "What would have come of them" in result.stderr
    assert [line.split() for line in result.stderr.splitlines() if "100.0%" in line or "33.3%" in line] == [
        ["internal", "1", "33.3%"],
        ["not", "answered", "1", "33.3%"],
        ["queued", "1", "33.3%"],
    ]
    assert box.db.execute("SELECT count(*) FROM contacts").fetchone() == (0,)


def test_garbage_is_one_clear_line(settings: Settings) -> None:
    for pasted in ("", "hej\n", "070-174 06 05\n" * 20, "\0\0\0\n" * 5):
        result = wizard(settings, "-", pasted=pasted)
        assert isinstance(result.exception, IntakeError), pasted
        assert "\n" not in str(result.exception)
        assert "174" not in result.output + str(result.exception)
