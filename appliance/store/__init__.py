"""SQLite through sqlite-utils: one file a table family. Nobody else writes SQL."""

from appliance.store.database import Database, database_path, directory_of, open_store, trying, writing

__all__ = ["Database", "database_path", "directory_of", "open_store", "trying", "writing"]
