"""`efterklang user`: the accounts of the local page."""

import sys
from contextlib import closing
from datetime import UTC, datetime

import click

from appliance.errors import UsageError
from appliance.settings import Settings
from appliance.store import open_store, users

_generate = click.option("--generate", is_flag=True, help="Make a password and print it, once, on standard output.")


def _say(line: str) -> None:
    click.echo(line, err=True)


@click.group()
def user() -> None:
    """Accounts of the local page."""


@user.command()
@click.argument("name")
@_generate
@click.option("--if-none", is_flag=True, help="Do nothing where any account exists.")
@click.pass_obj
def add(settings: Settings, name: str, generate: bool, if_none: bool) -> None:
    """Make an account; its password is asked for, or read from standard input."""
    with closing(open_store(settings.storage.directory)) as db:
        if if_none and users.count(db):
            _say("an account exists; none was added")
            return
        name = _checked(name)
        if users.by_name(db, name):
            raise UsageError(
                f"user {name}: there is such an account; efterklang user passwd {name} changes its password"
            )
        password, password_hash = _new_password(generate)
        users.add(db, name, password_hash, datetime.now(UTC))
    _tell(f"user {name}: account added", password if generate else None)


@user.command()
@click.argument("name")
@_generate
@click.pass_obj
def passwd(settings: Settings, name: str, generate: bool) -> None:
    """Change a password; the account is opened again and its sessions end."""
    with closing(open_store(settings.storage.directory)) as db:
        if not users.by_name(db, name):
            raise _unknown(name)
        password, password_hash = _new_password(generate)
        users.set_password(db, name, password_hash)
    _tell(f"user {name}: password changed, sessions ended", password if generate else None)


@user.command()
@click.argument("name")
@click.pass_obj
def disable(settings: Settings, name: str) -> None:
    """Close an account and end its sessions."""
    with closing(open_store(settings.storage.directory)) as db:
        if not users.disable(db, name, datetime.now(UTC)):
            raise _unknown(name)
    _say(f"user {name}: account closed, sessions ended")


def _unknown(name: str) -> UsageError:
    return UsageError(f"user {name}: no such account; efterklang user add {name} makes it")


def _checked(name: str) -> str:
    if not 1 <= len(name) <= 64 or name != name.strip() or not name.isprintable():
        raise UsageError(f"user {name!r}: a name has 1 to 64 printable characters and no space around it")
    return name


def _new_password(generate: bool) -> tuple[str, str]:
    """A password and its hash."""
    from appliance.web.passwords import generate_password, hash_password

    password = generate_password() if generate else _asked()
    return password, hash_password(password)


def _asked() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\n")


def _tell(line: str, password: str | None) -> None:
    _say(line + ("; this password is shown only now:" if password else ""))
    if password:
        click.echo(password)
