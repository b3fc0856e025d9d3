"""By `main`, as the installed command calls it: exit code 2, one line on stderr, no stack trace."""

import sys
from pathlib import Path

import pytest

from appliance.cli import main
from appliance.store import database_path


@pytest.fixture(autouse=True)
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("EFTERKLANG_CONFIG", raising=False)


class Ended:
    """How a command ended."""

    def __init__(self, code: object, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def line(self) -> str:
        """The one line on stderr."""
        assert self.out == ""
        (line,) = self.err.splitlines()
        assert line.startswith("efterklang: ")
        return line.removeprefix("efterklang: ")


@pytest.fixture
def efterklang(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> "Efterklang":
    return Efterklang(monkeypatch, capsys)


class Efterklang:
    """The command, in this process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch = monkeypatch
        self._capsys = capsys

    def __call__(self, *arguments: object) -> Ended:
        self._monkeypatch.setattr(sys, "argv", ["efterklang", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(ended.value.code or 0, *self._capsys.readouterr())


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["frob"], "No such command 'frob'. (see efterklang --help)"),
        (["--frob"], "No such option '--frob'. (see efterklang --help)"),
        (["contacts", "import"], "Missing argument 'FILE'. (see efterklang contacts import --help)"),
        (["contacts", "import", "a", "b"], "Got unexpected extra argument (b) (see efterklang contacts import --help)"),
        (["line", "0"], "Invalid value for 'NUMBER': 0 is not in the range 1<=x<=64. (see efterklang line --help)"),
        (["--config"], "Option '--config' requires an argument."),
    ],
)
def test_a_wrong_command_or_option(efterklang: Efterklang, arguments: list[str], line: str) -> None:
    ended = efterklang(*arguments)
    assert (ended.code, ended.line) == (2, line)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("[dialer]\nshare = 0.5\nsahre = 0.5\n", ", line 3: unknown key dialer.sahre; known here: allowed_ranges, "),
        ("[dialler]\n", ", line 1: unknown key dialler; known here: dialer, draw, funnel, "),
        ("[dialer]\nshare = 2\n", ", line 2: dialer.share: input should be less than or equal to 1"),
        ('[dialer]\nhours = { mon = "9" }\n', ', line 2: dialer.hours: "9" for mon is no time span; write 09:00-20:00'),
        ('[municipality]\ntime_zone = "Mars"\n', ", line 2: municipality.time_zone: is no time zone; "),
        ("[dialer\n", ": not valid TOML: "),
    ],
)
def test_a_broken_configuration(efterklang: Efterklang, tmp_path: Path, content: str, line: str) -> None:
    path = tmp_path / "efterklang.toml"
    path.write_text(content)
    ended = efterklang("--config", path, "nightly")
    assert ended.code == 2
    assert ended.line.startswith(f"{path}{line}")
    assert list(tmp_path.iterdir()) == [path], "nothing was begun"


def test_a_configuration_that_is_not_there(
    efterklang: Efterklang, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "none.toml"
    monkeypatch.setenv("EFTERKLANG_CONFIG", str(path))
    ended = efterklang("nightly")
    assert (ended.code, ended.line) == (2, f"{path}: cannot read the configuration: No such file or directory")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (None, ": cannot read call records: No such file or directory"),
        ("a,b\n1,2\n", ": the heading lacks the column call_id, ended_at, number; columns are answered, "),
    ],
)
def test_call_records_that_are_none(efterklang: Efterklang, tmp_path: Path, content: str | None, line: str) -> None:
    path = tmp_path / "calls.csv"
    if content:
        path.write_text(content, encoding="utf-8")
    ended = efterklang("contacts", "import", path)
    assert ended.code == 2
    assert ended.line.startswith(f"{path}{line}")


def test_a_database_that_is_none(efterklang: Efterklang, tmp_path: Path) -> None:
    database_path(tmp_path).write_bytes(b"no database" * 1000)
    ended = efterklang("--storage", tmp_path, "nightly")
    assert ended.code == 1
    assert ended.line == (
        f"{database_path(tmp_path)}: cannot use the database: file is not a database; restore it from a backup"
    )


def test_a_key_that_is_none(efterklang: Efterklang, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "master.key").write_bytes(b"short")
    calls = tmp_path / "calls.csv"
    calls.write_text("call_id,ended_at,number\n")
    ended = efterklang("--storage", tmp_path, "contacts", "import", calls)
    assert ended.code == 1
    assert "the master key must be 32 bytes but has 5" in ended.line


def test_what_is_asked_for_is_told_and_is_no_error(efterklang: Efterklang) -> None:
    for arguments in (["--help"], ["contacts", "--help"], ["contacts", "import", "--help"], ["--version"]):
        ended = efterklang(*arguments)
        assert (ended.code, ended.err) == (0, "")
        assert ended.out


def test_nothing_asked_is_answered_with_the_help(efterklang: Efterklang) -> None:
    ended = efterklang()
    assert ended.code == 2
    assert ended.err.startswith("Usage: efterklang [OPTIONS] COMMAND")


def test_an_interrupted_command_says_so(efterklang: Efterklang, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("appliance.store.interviews.expire", interrupt)
    ended = efterklang("--storage", "var", "nightly")
    assert (ended.code, ended.err.strip()) == (1, "efterklang: stopped")


def test_the_exit_code_of_a_command_is_kept(efterklang: Efterklang, tmp_path: Path) -> None:
    calls = tmp_path / "calls.csv"
    calls.write_text("call_id,ended_at,number\n1,,\n")
    assert efterklang("--storage", tmp_path, "contacts", "import", calls).code == 1
    calls.write_text("call_id,ended_at,number\n")
    assert efterklang("--storage", tmp_path, "contacts", "import", calls).code == 0
