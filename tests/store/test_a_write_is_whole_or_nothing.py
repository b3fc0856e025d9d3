import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.errors import StoreError
from appliance.store import Database, open_store, opt_outs, trying, writing
from appliance.store.opt_outs import Change
from appliance.types import NumberHash

NOW = datetime(2026, 11, 21, 14, 32, tzinfo=UTC)
Block = list["int | tuple[bool, Block]"]
"""Writes (a number each) and nested blocks, each of which may end in an error."""

BLOCKS = st.recursive(
    st.lists(st.integers(0, 99), max_size=3),
    lambda inner: st.lists(st.integers(0, 99) | st.tuples(st.booleans(), inner), max_size=4),
    max_leaves=12,
)


class ItFailsError(Exception):
    pass


def end(fails: bool) -> None:
    if fails:
        raise ItFailsError


@pytest.fixture
def db(tmp_path: Path) -> Iterator[Database]:
    db = open_store(tmp_path)
    yield db
    db.close()


def write(db: Database, number: int) -> None:
    opt_outs.put(db, [Change(NumberHash(bytes([number])), NOW, True, "test")], NOW)


def written(db: Database) -> set[int]:
    return {row[0][0] for row in db.execute("SELECT number_hash FROM opt_outs")}


def carry_out(db: Database, block: Block, fails: bool) -> set[int]:
    """Run a block; returns what must have been written by it."""
    done: set[int] = set()
    try:
        with writing(db):
            for part in block:
                if isinstance(part, int):
                    write(db, part)
                    done.add(part)
                else:
                    done |= carry_out(db, part[1], part[0])
            end(fails)
    except ItFailsError:
        return set()
    return done


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    db = open_store(tmp_path_factory.mktemp("store"))
    yield db
    db.close()


@given(block=BLOCKS, fails=st.booleans())
def test_blocks_nest_and_each_is_undone_as_a_whole(shared: Database, block: Block, fails: bool) -> None:
    shared.execute("DELETE FROM opt_outs")
    assert written(shared) == set()
    expected = carry_out(shared, block, fails)
    assert not shared.conn.in_transaction
    assert written(shared) == expected


def test_nobody_sees_a_write_before_its_block_has_ended(tmp_path: Path, db: Database) -> None:
    other = open_store(tmp_path)
    with writing(db):
        write(db, 1)
        assert written(other) == set()
    assert written(other) == {1}
    other.close()


def answer_nobody(db: Database) -> None:
    """The commit itself fails: the answer's interview does not exist."""
    with writing(db):
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute("INSERT INTO answers VALUES (1, 'treatment', 'value', 3, '2026-11-21')")


def test_a_commit_that_fails_leaves_no_transaction_open(tmp_path: Path, db: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        answer_nobody(db)
    write(db, 7)
    other = open_store(tmp_path)
    assert written(other) == {7}
    other.close()


def test_a_database_that_stays_locked_is_one_clear_line(tmp_path: Path, db: Database) -> None:
    other = open_store(tmp_path)
    other.execute("PRAGMA busy_timeout = 50")
    with writing(db), pytest.raises(StoreError, match=r"cannot write to the database: database is locked; \w+"):
        write(other, 1)
    write(other, 2)
    assert written(db) == {2}
    other.close()


def write_much(db: Database) -> None:
    with writing(db):
        write(db, 2)
        db.execute("INSERT INTO opt_outs (number_hash, changed_at, source) VALUES (?, '', '')", (bytes(100_000),))


def test_a_full_disk_is_one_clear_line_and_keeps_what_was_there(db: Database) -> None:
    write(db, 1)
    pages = db.execute("PRAGMA page_count").fetchone()[0]
    db.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StoreError, match=r"database or disk is full; see that its disk"):
        write_much(db)
    db.execute(f"PRAGMA max_page_count = {pages + 100}")
    write(db, 3)
    assert written(db) == {1, 3}


@given(block=BLOCKS, fails=st.booleans())
def test_trying_never_leaves_anything(shared: Database, block: Block, fails: bool) -> None:
    shared.execute("DELETE FROM opt_outs")
    write(shared, 255)
    try:
        with trying(shared):
            expected = carry_out(shared, block, fails=False)
            assert written(shared) == expected | {255}
            end(fails)
    except ItFailsError:
        pass
    assert not shared.conn.in_transaction
    assert written(shared) == {255}
