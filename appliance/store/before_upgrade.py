"""A copy of the database as the release before left it: what going back to that release needs.

The installer runs this file with the new release, before that one's first start: python -m … DIRECTORY
"""

import os
import sqlite3
import sys
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.errors import StoreError
from appliance.store.database import Database, database_path
from appliance.store.migrations import migrations
from appliance.store.space import RESERVE_BYTES, free_bytes

_NAME: Final = "before-upgrade.db"
_KEPT: Final = timedelta(days=14)
"""It holds numbers that the box has forgotten since."""


def keep_copy(directory: Path) -> Path | None:
    """Copy a database that this release is going to change; None where there is nothing to keep.

    One copy is kept, the latest. StoreError where it cannot be made; then an earlier one is still there.
    """
    source, kept = database_path(directory), directory / _NAME
    if not source.exists():
        return None
    draft = kept.with_suffix(".new")
    try:
        with closing(sqlite3.connect(source)) as connection:
            db = Database(connection)
            if not (migrations.applied(db) and migrations.pending(db)):
                return None
            _copy(connection, draft)
        draft.replace(kept)
    except (OSError, sqlite3.Error) as error:
        draft.unlink(missing_ok=True)
        raise StoreError(f"{kept}: cannot keep a copy of the database: {error}") from error
    return kept


def forget_copy(directory: Path, now: datetime) -> bool:
    """Remove a copy that nobody will go back to any more; whether there was one."""
    kept = directory / _NAME
    if not kept.exists() or datetime.fromtimestamp(kept.stat().st_mtime, UTC) > now - _KEPT:
        return False
    kept.unlink()
    return True


def _copy(connection: sqlite3.Connection, path: Path) -> None:
    """Whole as of one moment, while others write."""
    pages, size = (connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "page_size"))
    needed = pages * size + 2 * RESERVE_BYTES
    if free_bytes(path.parent) < needed:
        raise StoreError(f"{path.parent}: a copy of the database needs {needed >> 20} MiB free; make room for it")
    path.unlink(missing_ok=True)
    path.touch(mode=0o600)
    connection.execute("VACUUM INTO ?", (str(path),))
    with path.open("rb") as file:
        os.fsync(file.fileno())


if __name__ == "__main__":
    try:
        done = keep_copy(Path(sys.argv[1]))
    except StoreError as refusal:
        sys.exit(f"install: {refusal}")
    if done:
        sys.stderr.write(f"install: the database as it was is kept in {done}\n")
