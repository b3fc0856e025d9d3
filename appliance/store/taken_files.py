"""How far the lines of a file in the inbox have been counted: whoever reads it again does not count them twice."""

from appliance.store.database import Database, writing


def counted(db: Database, name: str) -> int:
    """The file's last line that has been counted; 0 where none has."""
    row = db.execute("SELECT lines FROM taken_files WHERE name = ?", (name,)).fetchone()
    return 0 if row is None else int(row[0])


def has_counted(db: Database, name: str, lines: int) -> None:
    """Within the transaction that counts them."""
    with writing(db):
        db.execute("INSERT OR REPLACE INTO taken_files (name, lines) VALUES (?, ?)", (name, lines))


def forget(db: Database, name: str) -> None:
    """The file is gone."""
    with writing(db):
        db.execute("DELETE FROM taken_files WHERE name = ?", (name,))


def names(db: Database) -> list[str]:
    return [row[0] for row in db.execute("SELECT name FROM taken_files")]
