from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_up import MadeUp

from appliance.cli.contacts import contacts
from appliance.custody import opt_outs
from appliance.errors import IntakeError
from appliance.settings import Settings
from appliance.store import database_path, processes

HEADER = "call_id,ended_at,number,queue,wait_seconds,talk_seconds,direction,answered"
TABLES = ("contacts", "draw_days", "interviews", "attempts", "answers", "comments", "opinions", "opt_outs")


@pytest.fixture
def settings(box: MadeUp) -> Settings:
    return Settings.model_validate({"storage": {"directory": box.directory}, "dialer": {"share": 1.0}})


def import_(settings: Settings, *arguments: object) -> Result:
    return CliRunner().invoke(contacts, ["import", *map(str, arguments)], obj=settings)


def file_of(folder: Path, *rows: str) -> Path:
    path = folder / "calls.csv"
    path.write_text("\n".join([HEADER, *rows]), encoding="utf-8")
    return path


def row(call_id: str, number: str, queue: str = "Växel", talk_seconds: int = 90) -> str:
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    return f"{call_id},{an_hour_ago.isoformat()},{number},{queue},10,{talk_seconds},inbound,1"


def town(folder: Path) -> Path:
    """A few contacts of each kind."""
    return file_of(
        folder,
        row("1", "070-174 06 05"),
        row("2", "070-174 06 06"),
        row("3", ""),
        row("4", "070-174 06 07", queue="Socialtjänst"),
        row("5", "070-174 06 08", talk_seconds=3),
        row("6", "0900-123 45 67"),
        row("7", "+46701740605"),
    )


TOLD = [
    "anonymous\t1",
    "too_short\t1",
    "denied_queue\t1",
    "foreign_or_premium\t1",
    "quiet_period\t1",
    "queued\t2",
]


def rows_of(box: MadeUp) -> dict[str, int]:
    return {table: box.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def test_each_reason_is_told_with_its_count_in_the_funnel_s_order(
    tmp_path: Path, box: MadeUp, settings: Settings
) -> None:
    result = import_(settings, town(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.splitlines() == TOLD
    assert rows_of(box)["contacts"] == 7
    assert rows_of(box)["interviews"] == 2


def test_the_same_file_again_changes_nothing(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    import_(settings, town(tmp_path))
    before = rows_of(box)
    result = import_(settings, town(tmp_path))
    assert result.stdout.splitlines() == ["known before\t7"]
    assert rows_of(box) == before


def test_the_file_itself_is_left_to_its_owner(tmp_path: Path, settings: Settings) -> None:
    path = town(tmp_path)
    import_(settings, path)
    assert path.exists()


def test_a_dry_run_says_the_same_and_changes_nothing(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    box.contact()
    processes.begin(box.db, "web", 1, datetime.now(UTC))
    box.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    files = {path: path.read_bytes() for path in box.directory.rglob("*") if path.is_file() and "-shm" not in path.name}
    before = rows_of(box)

    result = import_(settings, town(tmp_path), "--dry-run")

    assert (result.exit_code, result.stdout.splitlines()) == (0, TOLD)
    assert rows_of(box) == before
    assert files[database_path(box.directory)] == database_path(box.directory).read_bytes()
    after = {path: path.read_bytes() for path in box.directory.rglob("*") if path.is_file() and "-shm" not in path.name}
    assert after == files


def test_a_dry_run_with_unreadable_lines_changes_nothing_either(
    tmp_path: Path, box: MadeUp, settings: Settings
) -> None:
    before = rows_of(box)
    assert import_(settings, file_of(tmp_path, row("1", "070-174 06 05"), "2,?,?"), "--dry-run").exit_code == 1
    assert rows_of(box) == before


def test_unreadable_lines_are_told_without_their_content_and_the_others_are_taken_in(
    tmp_path: Path, box: MadeUp, settings: Settings
) -> None:
    path = file_of(tmp_path, "1,i går,070-174 06 05,,,,,", row("2", "070-174 06 06"), ",,")
    result = import_(settings, path)
    assert result.exit_code == 1
    assert result.stdout.splitlines() == ["queued\t1"]
    assert result.stderr.splitlines() == [
        f"{path}, line 2: ended_at is no time; write 2026-11-21T14:05:00",
        f"{path}, line 4: has 3 values; the heading has 8",
    ]
    assert "070" not in result.output


def test_a_file_that_is_none_of_ours_is_an_error(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("samtal;slut;nummer\n1;igår;070-174 06 05\n", encoding="utf-8")
    result = import_(settings, path)
    assert isinstance(result.exception, IntakeError)
    assert rows_of(box)["contacts"] == 0


def test_whoever_has_opted_out_is_counted_as_such(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    import_(settings, file_of(tmp_path, row("1", "070-174 06 05")))
    (number_hash,) = box.db.execute("SELECT number_hash FROM interviews").fetchone()
    opt_outs.add(box.db, box.keys, number_hash, "call", datetime.now(UTC))
    result = import_(settings, file_of(tmp_path, row("2", "0701740605")))
    assert result.stdout.splitlines() == ["opted_out\t1"]
