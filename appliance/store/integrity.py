"""Whether the database is whole."""

import sqlite3

from appliance.store.database import Database


def faults(db: Database) -> list[str]:
    """What is wrong with the database file, one line each; empty where all is well."""
    try:
        found = [f"damaged: {row[0]}" for row in db.execute("PRAGMA quick_check(5)") if row[0] != "ok"]
        found += [f"a row of {row[0]} refers to none of {row[2]}" for row in db.execute("PRAGMA foreign_key_check")]
        mode = db.execute("PRAGMA journal_mode").fetchone()[0]
    except sqlite3.Error as error:
        return [f"damaged: {error}"]
    if mode != "wal":
        found.append(f"the journal is {mode} and not wal: the disk's file system does not support it")
    return found
