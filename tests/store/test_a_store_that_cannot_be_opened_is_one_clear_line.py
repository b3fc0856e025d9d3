import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from appliance.errors import StoreError
from appliance.store import database_path, open_store


def no_database(directory: Path) -> None:
    database_path(directory).write_bytes(random.Random(1).randbytes(20_000))


def damaged_header(directory: Path) -> None:
    open_store(directory).close()
    path = database_path(directory)
    path.write_bytes(b"SQLite format 4" + path.read_bytes()[15:])


def damaged_schema(directory: Path) -> None:
    open_store(directory).close()
    path = database_path(directory)
    whole = path.read_bytes()
    path.write_bytes(whole[:100] + bytes(3996) + whole[4096:])


def folder_in_its_place(directory: Path) -> None:
    database_path(directory).mkdir()


DAMAGES: list[Callable[[Path], None]] = [no_database, damaged_header, damaged_schema, folder_in_its_place]


@pytest.mark.parametrize("damage", DAMAGES, ids=lambda damage: damage.__name__)
def test_a_damaged_file_is_named_with_what_to_do(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    damage(tmp_path)
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path)
    message = str(caught.value)
    assert message.startswith(f"{database_path(tmp_path)}: cannot")
    assert "\n" not in message


def test_a_damaged_file_stays_as_it_was_for_whoever_repairs_it(tmp_path: Path) -> None:
    no_database(tmp_path)
    before = database_path(tmp_path).read_bytes()
    with pytest.raises(StoreError):
        open_store(tmp_path)
    assert database_path(tmp_path).read_bytes() == before


def test_a_file_where_the_directory_should_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "storage").write_text("not a directory")
    with pytest.raises(StoreError, match=r"storage.*cannot open the database"):
        open_store(tmp_path / "storage")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_directory_that_we_may_not_write_to_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="Permission denied"):
        open_store(tmp_path)


def test_a_directory_on_a_system_that_takes_no_files_is_named() -> None:
    with pytest.raises(StoreError, match="/proc/efterklang"):
        open_store(Path("/proc/efterklang"))


def test_a_newer_release_s_is_refused_and_stays_as_it_was(tmp_path: Path) -> None:
    db = open_store(tmp_path)
    db.execute("UPDATE _sqlite_migrations SET name = 'm999_later' WHERE name = 'm002_telephony'")
    db.conn.commit()
    db.close()
    before = database_path(tmp_path).read_bytes()
    with pytest.raises(
        StoreError, match=r"a newer release has changed it \(m999_later\); start that release"
    ) as caught:
        open_store(tmp_path)
    assert "\n" not in str(caught.value)
    assert database_path(tmp_path).read_bytes() == before
