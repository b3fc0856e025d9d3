"""`efterklang opt-outs`: numbers that are never rung again, kept as keyed hashes."""

import getpass
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from appliance.custody import opt_outs as blocking
from appliance.custody.keys import Keys
from appliance.custody.opt_out_list import block_all, decode
from appliance.custody.opt_outs import open_box
from appliance.custody.sealing import hash_number
from appliance.errors import UsageError
from appliance.numbers import read_number
from appliance.settings import Settings
from appliance.store import Database
from appliance.store import opt_outs as stored
from appliance.types import NumberHash

_SOURCE: Final = "console"


@click.group("opt-outs")
def opt_outs() -> None:
    """Numbers that are never rung again, kept as keyed hashes.

    A number is asked for, or read from standard input: written as an argument the shell would keep it in its history.
    """


@opt_outs.command()
@click.pass_obj
def add(settings: Settings) -> None:
    """Block a number; it is asked for, or read from standard input."""
    with _box(settings) as (db, keys):
        is_new = blocking.add(db, keys, _asked(keys), _SOURCE, datetime.now(UTC), _who())
    _say("the number is blocked" if is_new else "the number was blocked before")


@opt_outs.command()
@click.option("--wished", is_flag=True, help="The citizen has asked for it: say so to do without the question.")
@click.pass_obj
def remove(settings: Settings, wished: bool) -> None:
    """Lift the block of a number, at its citizen's own wish; it is asked for, or read from standard input."""
    with _box(settings) as (db, keys):
        number = _asked(keys)
        if not (wished or (sys.stdin.isatty() and click.confirm("Has the citizen asked for it?", err=True))):
            raise UsageError("a block is lifted at the citizen's own wish only; give --wished; nothing was done")
        was_blocked = blocking.lift(db, keys, number, _SOURCE, datetime.now(UTC), _who())
    _say("the block is lifted" if was_blocked else "the number was not blocked")


@opt_outs.command()
@click.pass_obj
def check(settings: Settings) -> None:
    """Whether a number is blocked: exit 0 where it is, 1 where not; it is asked for, or read from standard input."""
    with _box(settings) as (db, keys):
        is_blocked = stored.contains(db, _asked(keys))
    click.echo("blocked" if is_blocked else "not blocked")
    raise SystemExit(0 if is_blocked else 1)


@opt_outs.command("import")
@click.argument("file", type=click.Path(path_type=Path, allow_dash=True))
@click.pass_obj
def import_(settings: Settings, file: Path) -> None:
    """Block every number of FILE (- is standard input): one a line, or a table as CSV. Delete the file afterwards."""
    try:
        content = sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()
    except OSError as error:
        raise UsageError(f"{file}: cannot read the list: {error.strerror}") from error
    with _box(settings) as (db, keys):
        tally = block_all(db, keys, decode(content), datetime.now(UTC), _who())
    counts = {
        "new": tally.new,
        "blocked before": tally.known_before,
        "repeated": tally.repeated,
        "lines": tally.lines,
        "unreadable": len(tally.unreadable),
    }
    click.echo("\n".join(f"{what}\t{count}" for what, count in counts.items()))
    for line in tally.unreadable:
        _say(f"{file}, line {line}: no Swedish subscriber's number")
    if tally.unreadable:
        raise SystemExit(1)


@opt_outs.command()
@click.argument("ledger", type=click.Path(path_type=Path))
@click.pass_obj
def merge(settings: Settings, ledger: Path) -> None:
    """Take in another LEDGER of opted-out numbers of this box, after its directory was put back from a backup.

    Of each number the last change stands, whichever ledger it is on; to merge twice does no harm.
    """
    with _box(settings) as (db, keys):
        news = blocking.merge(db, keys, ledger, datetime.now(UTC))
        blocked = stored.count(db)
    _say(f"{news} numbers were news; {blocked} are blocked now")


@opt_outs.command()
@click.pass_obj
def count(settings: Settings) -> None:
    """How many numbers are blocked."""
    with _box(settings) as (db, _):
        click.echo(stored.count(db))


@contextmanager
def _box(settings: Settings) -> Iterator[tuple[Database, Keys]]:
    db, keys = open_box(settings.storage.directory, datetime.now(UTC))
    try:
        yield db, keys
    finally:
        db.close()


def _asked(keys: Keys) -> NumberHash:
    written = click.prompt("Number", err=True) if sys.stdin.isatty() else sys.stdin.readline()
    number = read_number(written).e164
    if number is None:
        raise UsageError("this is no Swedish subscriber's number; write it as 070-…, 08-… or +46…; nothing was done")
    return hash_number(keys, number)


def _who() -> str:
    """Who is at the keyboard, for the record."""
    return os.environ.get("SUDO_USER") or getpass.getuser()


def _say(line: str) -> None:
    click.echo(line, err=True)
