"""Going back to an earlier release needs the database as that one left it."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlite_utils import Database

from appliance.errors import StoreError
from appliance.store import before_upgrade, database_path, open_store
from appliance.store.before_upgrade import forget_copy, keep_copy
from appliance.store.migrations import migrations

HOUSE = Path(__file__).parents[2]


def older(directory: Path) -> None:
    with closing(sqlite3.connect(database_path(directory))) as connection:
        connection.execute("PRAGMA journal_mode = wal")
        db = Database(connection)
        migrations.apply(db, stop_before="m004_speech")
        db.execute("INSERT INTO questionnaires VALUES ('kontaktcenter', 1, '{}')")
        connection.commit()


def test_an_older_one_is_kept_whole_and_only_ours_to_read(tmp_path: Path) -> None:
    older(tmp_path)
    kept = keep_copy(tmp_path)
    assert kept == tmp_path / "before-upgrade.db"
    open_store(tmp_path).close()
    with closing(sqlite3.connect(kept)) as copy:
        assert copy.execute("SELECT id FROM questionnaires").fetchall() == [("kontaktcenter",)]
        assert [each.name for each in migrations.pending(Database(copy))] == ["m004_speech"]
    assert kept.stat().st_mode & 0o777 == 0o600
    assert keep_copy(tmp_path) is None


def test_none_is_made_where_there_is_nothing_to_keep(tmp_path: Path) -> None:
    assert keep_copy(tmp_path) is None
    open_store(tmp_path).close()
    assert keep_copy(tmp_path) is None
    assert not (tmp_path / "before-upgrade.db").exists()


def test_it_is_forgotten_after_two_weeks(tmp_path: Path) -> None:
    older(tmp_path)
    kept, now = keep_copy(tmp_path), datetime.now(UTC)
    assert kept
    assert not forget_copy(tmp_path, now + timedelta(days=13))
    assert kept.exists()
    assert forget_copy(tmp_path, now + timedelta(days=15))
    assert not kept.exists()
    assert not forget_copy(tmp_path, now)


def test_a_disk_without_room_stops_the_upgrade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    older(tmp_path)
    monkeypatch.setattr(before_upgrade, "free_bytes", lambda _: 1 << 20)
    with pytest.raises(StoreError, match="a copy of the database needs 64 MiB free"):
        keep_copy(tmp_path)


def test_the_installer_keeps_it_before_the_new_release_is_the_current_one(tmp_path: Path) -> None:
    lines = (HOUSE / "scripts" / "install.sh").read_text(encoding="utf-8").split("install_release() {")[1].splitlines()
    steps = [line.split()[0] for line in lines if line.strip()]
    assert steps.index("keep_database") < steps.index("remove_older_than_current") < steps.index("mv")
    older(tmp_path)
    program = 'source <(sed "\\$d" "$0" | sed "s|STORAGE=/var/lib/efterklang|STORAGE=$1|"); setpriv() { "${@:6}"; }'
    command = ["bash", "-c", f'{program}; keep_database "$2"', HOUSE / "scripts" / "install.sh", tmp_path]
    done = subprocess.run([*command, sys.prefix], capture_output=True, text=True, check=True)
    assert done.stderr == f"install: the database as it was is kept in {tmp_path}/before-upgrade.db\n"
