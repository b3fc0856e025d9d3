from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from appliance.cli.user import user
from appliance.errors import UsageError
from appliance.settings import Settings
from appliance.store import open_store, users
from appliance.store.users import User
from appliance.web.passwords import fits

Run = Callable[..., Result]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    settings = Settings.model_validate({"storage": {"directory": tmp_path}})
    return lambda *arguments, given=None: CliRunner().invoke(user, list(arguments), obj=settings, input=given)


@pytest.fixture
def account(tmp_path: Path) -> Iterator[Callable[[str], User | None]]:
    db = open_store(tmp_path)
    yield lambda name: users.by_name(db, name)
    db.close()


def complaint(result: Result) -> str:
    assert isinstance(result.exception, UsageError), result.output
    return str(result.exception)


def test_a_generated_password_is_printed_once_and_alone(run: Run, account: Callable[[str], User]) -> None:
    result = run("add", "anna", "--generate")
    password = result.stdout.removesuffix("\n")
    assert len(password) == 19
    assert "\n" not in password
    assert "shown only now" in result.stderr
    assert password not in result.stderr
    assert fits(account("anna").password_hash, password)
    assert not fits(account("anna").password_hash, password + "x")


def test_a_password_may_come_by_standard_input(run: Run, account: Callable[[str], User]) -> None:
    result = run("add", "anna", given="korrekt häst batteri\n")
    assert (result.exit_code, result.stdout) == (0, "")
    assert fits(account("anna").password_hash, "korrekt häst batteri")


@pytest.mark.parametrize(("given", "words"), [("kort\n", "short"), ("", "short"), ("x" * 257 + "\n", "long")])
def test_a_bad_password_makes_no_account(
    run: Run, account: Callable[[str], User | None], given: str, words: str
) -> None:
    assert f"too {words}" in complaint(run("add", "anna", given=given))
    assert account("anna") is None


@pytest.mark.parametrize("name", ["", " anna", "a" * 65, "an\nna"])
def test_a_name_must_be_one(run: Run, name: str) -> None:
    assert "a name has 1 to 64 printable characters" in complaint(run("add", name, "--generate"))


def test_a_taken_name_is_refused_with_what_to_do(run: Run, account: Callable[[str], User]) -> None:
    run("add", "anna", "--generate")
    before = account("anna")
    assert "efterklang user passwd Anna" in complaint(run("add", "Anna", "--generate"))
    assert account("anna") == before


def test_if_none_does_nothing_where_an_account_exists(run: Run, account: Callable[[str], User | None]) -> None:
    assert run("add", "anna", "--generate", "--if-none").stdout
    again = run("add", "bo", "--generate", "--if-none")
    assert (again.exit_code, again.stdout) == (0, "")
    assert "an account exists" in again.stderr
    assert account("bo") is None


def test_a_new_password_ends_sessions_and_opens_the_account_again(run: Run, account: Callable[[str], User]) -> None:
    run("add", "anna", "--generate")
    run("disable", "anna")
    assert account("anna").disabled_at is not None
    epoch = account("anna").session_epoch
    password = run("passwd", "anna", "--generate").stdout.strip()
    assert account("anna").session_epoch > epoch
    assert account("anna").disabled_at is None
    assert fits(account("anna").password_hash, password)


@pytest.mark.parametrize("command", [("passwd", "ingen", "--generate"), ("disable", "ingen")])
def test_an_unknown_name_is_told(run: Run, command: tuple[str, ...]) -> None:
    assert "no such account; efterklang user add ingen makes it" in complaint(run(*command))
