from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from appliance.health import Context, Severity, run_checks
from appliance.health.checks import database
from appliance.settings import Settings, StorageSettings
from appliance.store import Database, database_path, opt_outs
from appliance.store.opt_outs import Change
from appliance.types import NumberHash

Box = Callable[..., Context]


def test_a_new_database_is_whole(practice: Box, db: Database) -> None:
    assert list(database.run(practice(db))) == []


def test_a_file_that_is_no_database_is_an_error(storage: Path) -> None:
    database_path(storage).write_text("no database at all, and long enough to be looked at closely" * 50)
    settings = Settings(storage=StorageSettings(directory=storage))

    found = {checked.check: checked for checked in run_checks(settings, datetime.now(UTC))}

    assert found["database"].failed
    assert found["database"].issues[0].where == f"{database_path(storage)}"


def test_a_damaged_page_is_found(practice: Box, db: Database, storage: Path) -> None:
    now = datetime.now(UTC)
    for number in range(2000):
        opt_outs.put(db, [Change(NumberHash(number.to_bytes(32, "big")), now, True, "test")], now)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    with database_path(storage).open("r+b") as file:
        file.seek(-3 * 4096, 2)
        file.write(b"\xa5" * 4096)
    db.execute("PRAGMA shrink_memory")

    issues = list(database.run(practice(db)))

    assert issues
    assert all(issue.severity is Severity.ERROR and issue.what.startswith("damaged") for issue in issues)
