import subprocess
import sys
from pathlib import Path

from appliance.store import Database, open_store

OPEN = "import sys; from pathlib import Path; from appliance.store import open_store; open_store(Path(sys.argv[1]))"


def schema(db: Database) -> list[tuple[str, ...]]:
    return db.execute("SELECT type, name, sql FROM sqlite_schema ORDER BY name").fetchall()


def applied(db: Database) -> list[tuple[str, str]]:
    return db.execute("SELECT name, applied_at FROM _sqlite_migrations ORDER BY id").fetchall()


def test_a_second_opening_writes_nothing(tmp_path: Path) -> None:
    first = open_store(tmp_path)
    before = schema(first), applied(first)
    second = open_store(tmp_path)
    assert second.conn.total_changes == 0
    assert (schema(second), applied(second)) == before
    first.close()
    second.close()


def test_four_processes_that_start_at_once_migrate_once(tmp_path: Path) -> None:
    started = [
        subprocess.Popen([sys.executable, "-c", OPEN, str(tmp_path)], stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    said = [process.communicate(timeout=60)[1] for process in started]
    assert said == [""] * 4
    db = open_store(tmp_path)
    names = [name for name, _ in applied(db)]
    db.close()
    assert len(names) == len(set(names)) > 0
