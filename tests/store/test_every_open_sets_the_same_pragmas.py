import stat
from pathlib import Path

import pytest

from appliance.store import Database, database_path, open_store

WANTED = {
    "journal_mode": "wal",
    "synchronous": 2,  # FULL
    "foreign_keys": 1,
    "busy_timeout": 15_000,
    "secure_delete": 1,
}


def pragma(db: Database, name: str) -> object:
    return db.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize("opening", [1, 2, 3])
def test_a_connection_is_durable_and_strict_whichever_it_is(tmp_path: Path, opening: int) -> None:
    for _ in range(opening):
        db = open_store(tmp_path)
        assert {name: pragma(db, name) for name in WANTED} == WANTED
        db.close()


def test_every_table_of_ours_is_strict(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    tables = {name: strict for _, name, kind, _, _, strict in db.execute("PRAGMA table_list") if kind == "table"}
    ours = {name: strict for name, strict in tables.items() if not name.startswith(("sqlite_", "_sqlite_"))}
    db.close()
    assert len(ours) >= 10
    assert set(ours.values()) == {1}


def test_only_our_own_user_can_open_the_file(tmp_path: Path) -> None:
    directory = tmp_path / "made" / "by us"
    open_store(directory).close()
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert stat.S_IMODE(database_path(directory).stat().st_mode) == 0o600


def test_what_is_deleted_is_overwritten(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    marker = b"planted-marker-" * 40
    db.execute("INSERT INTO opt_outs (number_hash, changed_at, source) VALUES (?, '2026-11-21', 'test')", (marker,))
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert marker in database_path(tmp_path).read_bytes()
    db.execute("DELETE FROM opt_outs")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert marker not in database_path(tmp_path).read_bytes()
    db.close()


def test_a_row_that_refers_to_nothing_is_refused(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    with pytest.raises(Exception, match="FOREIGN KEY"):
        db.execute("INSERT INTO answers VALUES (1, 'treatment', 'value', 3, '2026-11-21')")
    db.close()
