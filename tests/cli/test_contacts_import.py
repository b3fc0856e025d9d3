import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from made_up import MadeUp

from appliance.cli import _records
from appliance.cli.contacts import contacts
from appliance.custody import opt_outs
from appliance.errors import ConfigError, IntakeError, UsageError
from appliance.intake.records import Batch, Tally
from appliance.settings import Settings
from appliance.store import database_path, intake_sources, processes, writing

HEADER = "call_id,ended_at,number,queue,wait_seconds,talk_seconds,direction,answered"
NUMBERS = [f"070-174 06 {last:02}" for last in range(5, 10)]
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


TOLD = {"anonymous": 1, "too_short": 1, "denied_queue": 1, "foreign_or_premium": 1, "quiet_period": 1, "queued": 2}
TABLE = """\
anonymous                    1    14.3%
internal                     0     0.0%
not answered                 0     0.0%
too short                    1    14.3%
doubled leg                  0     0.0%
denied queue                 1    14.3%
own call                     0     0.0%
foreign or premium           1    14.3%
opted out                    0     0.0%
quiet period                 1    14.3%
not drawn                    0     0.0%
quota full                   0     0.0%
too late                     0     0.0%
queued                       2    28.6%
records                      7

2 of 7 are to be rung.
8 lines were read, 0 of them rejected.
"""


def rows_of(box: MadeUp) -> dict[str, int]:
    return {table: box.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}


def told(result: Result) -> dict[str, object]:
    answer = json.loads(result.stdout)
    assert isinstance(answer, dict)
    return answer


def test_each_reason_is_told_with_its_count_and_share_in_the_funnel_s_order(
    tmp_path: Path, box: MadeUp, settings: Settings
) -> None:
    result = import_(settings, town(tmp_path))
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == TABLE
    assert rows_of(box)["contacts"] == 7
    assert rows_of(box)["interviews"] == 2


def test_json_is_one_object_and_nothing_else(tmp_path: Path, settings: Settings) -> None:
    result = import_(settings, town(tmp_path), "--json")
    assert told(result) == {
        "file": str(tmp_path / "calls.csv"),
        "profile": "efterklang",
        "dry_run": False,
        "records": 7,
        "reasons": TOLD,
        "known_before": 0,
        "rejected": 0,
        "lines": 8,
    }


def test_the_same_file_again_changes_nothing_and_tells_the_reasons_on_record(
    tmp_path: Path, box: MadeUp, settings: Settings
) -> None:
    import_(settings, town(tmp_path))
    before = rows_of(box)
    result = import_(settings, town(tmp_path))
    assert result.stdout.splitlines()[:-1] == [*TABLE.splitlines()[:-1], "7 had been decided upon before."]
    assert rows_of(box) == before


def test_the_source_s_counters_add_up(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    import_(settings, file_of(tmp_path, row("1", "070-174 06 05"), "2,?,?"))
    import_(settings, file_of(tmp_path, row("1", "070-174 06 05")))
    (source,) = intake_sources.all_sources(box.db)
    assert (source.name, source.decided, source.repeated, source.rejected) == ("efterklang", 1, 1, 1)


def test_a_profile_is_chosen_by_name_or_path(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    own = box.directory / "profiles" / "trio.toml"
    own.parent.mkdir()
    own.write_text('base = "efterklang"\n[queue]\ncolumns = ["ko"]\n', encoding="utf-8")
    path = town(tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("queue", "ko"), encoding="utf-8")
    for chosen in ("trio", str(own)):
        answer = told(import_(settings, path, "--profile", chosen, "--dry-run", "--json"))
        assert (answer["profile"], answer["reasons"]) == ("trio", TOLD)
    assert isinstance(import_(settings, path, "--profile", "nobody").exception, ConfigError)


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

    result = import_(settings, town(tmp_path), "--dry-run", "--json")

    assert (result.exit_code, told(result)["reasons"]) == (0, TOLD)
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
    assert "1 of 1 are to be rung." in result.stdout
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
    result = import_(settings, file_of(tmp_path, row("2", "0701740605")), "--json")
    assert told(result)["reasons"] == {"opted_out": 1}


def test_a_dry_run_judges_each_record_as_of_its_own_time(tmp_path: Path, box: MadeUp) -> None:
    settings = Settings.model_validate({
        "storage": {"directory": box.directory},
        "dialer": {"share": 1.0, "latest_hours": 3, "quiet_days": 2},
        "draw": {"daily_cap": 3, "spread_over": ""},
    })  # fmt: skip
    monday = datetime(2026, 9, 7, 12, tzinfo=UTC)
    ends = [monday + timedelta(days=days, minutes=10 * n) for days in range(4) for n in range(5)]
    rows = [f"{n},{end.isoformat()},{NUMBERS[n % 5]},Växel,1,60,inbound,1" for n, end in enumerate(ends)]
    before = rows_of(box)
    answer = told(import_(settings, file_of(tmp_path, *rows), "--dry-run", "--json"))
    # Monday three, two over the cap; Tuesday those two; Wednesday nobody; Thursday Monday's three again
    assert answer["reasons"] == {"queued": 8, "quota_full": 2, "quiet_period": 10}
    assert rows_of(box) == before
    late = told(import_(settings, tmp_path / "calls.csv", "--json"))
    assert late["reasons"] == {"too_late": 20}


def test_a_dry_run_knows_whom_the_box_has_rung(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    import_(settings, file_of(tmp_path, row("1", "070-174 06 05")))
    answer = told(import_(settings, file_of(tmp_path, row("1", ""), row("2", "070-174 06 05")), "--dry-run", "--json"))
    assert (answer["reasons"], answer["known_before"]) == ({"queued": 1, "quiet_period": 1}, 1)


def test_a_dry_run_keeps_nobody_waiting(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    """A live line must be able to write an answer while a large file is tried out."""
    box.db.execute("PRAGMA busy_timeout = 0")
    seen = []

    def write_an_answer(batch: Batch) -> None:
        with writing(box.db):
            seen.append(batch.last_line)

    tally_add = Tally.add
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(
            Tally, "add", lambda tally, batch, verdicts: (write_an_answer(batch), tally_add(tally, batch, verdicts))
        )
        assert import_(settings, town(tmp_path), "--dry-run").exit_code == 0
    assert seen == [8]


def test_nothing_of_a_dry_run_stays_in_memory(tmp_path: Path, box: MadeUp, settings: Settings) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    storage = {"directory": box.directory, "memory_directory": memory}
    settings = Settings.model_validate({**settings.model_dump(exclude={"storage", "dialer"}), "storage": storage})
    assert import_(settings, town(tmp_path), "--dry-run").exit_code == 0
    assert list(memory.iterdir()) == []


def test_many_unreadable_lines_are_told_in_few(tmp_path: Path, settings: Settings) -> None:
    result = import_(settings, file_of(tmp_path, *["kalle"] * 50))
    assert len(result.stderr.splitlines()) == 21
    assert result.stderr.splitlines()[-1] == f"{tmp_path / 'calls.csv'}: 30 more lines are rejected"


def test_a_bar_is_shown_only_where_it_takes_long(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = town(tmp_path)
    assert import_(settings, path, "--dry-run").stderr == ""
    monkeypatch.setattr(_records, "_QUIET_SECONDS", -1.0)
    result = import_(settings, path, "--dry-run", "--json")
    assert "Deciding" in result.stderr
    assert told(result)["records"] == 7


def test_a_file_that_is_not_there_is_one_clear_line(tmp_path: Path, settings: Settings) -> None:
    result = import_(settings, tmp_path / "none.csv")
    assert isinstance(result.exception, IntakeError)
    assert str(result.exception) == f"{tmp_path / 'none.csv'}: cannot read call records: No such file or directory"


def test_a_dry_run_knows_what_has_been_taken_in(settings: Settings, tmp_path: Path) -> None:
    file = town(tmp_path)
    taken = told(import_(settings, file, "--json"))
    again = told(import_(settings, file, "--dry-run", "--json"))
    assert again["known_before"] == taken["records"] == 7
    assert again["reasons"] == taken["reasons"]


def test_a_gap_is_closed_under_the_name_of_the_source(settings: Settings, box: MadeUp, tmp_path: Path) -> None:
    tcp = {"name": "vaxel", "profile": "efterklang", "connect": "127.0.0.1:5050"}
    configured = Settings.model_validate({**settings.model_dump(exclude_none=True), "intake": {"tcp": [tcp]}})
    file = file_of(tmp_path, row("1", NUMBERS[0]))
    assert import_(configured, file, "--source", "vaxel").exit_code == 0
    assert [each.name for each in intake_sources.all_sources(box.db)] == ["vaxel"]
    again = import_(configured, file, "--source", "vaxel", "--profile", "efterklang")
    assert "1 had been decided upon before" in again.output


def test_a_source_that_is_not_configured_is_refused(settings: Settings, tmp_path: Path) -> None:
    done = import_(settings, file_of(tmp_path, row("1", NUMBERS[0])), "--source", "vaxel")
    assert isinstance(done.exception, UsageError)
    assert str(done.exception) == "--source vaxel: no such source; the configuration's [intake] has none"
