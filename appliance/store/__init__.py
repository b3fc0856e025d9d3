"""SQLite through sqlite-utils: one file a table family. Nobody else writes SQL."""

from appliance.store.database import (
    Database,
    DiskFault,
    database_path,
    directory_of,
    open_store,
    reading,
    trying,
    writing,
)

__all__ = ["Database", "DiskFault", "database_path", "directory_of", "open_store", "reading", "trying", "writing"]
