import csv
import logging
import os
import time
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import MadeUp
from records import HEADER, NOW, NUMBERS, inbox_of, put, reasons, row, settings_with, sweep

from appliance.intake.inbox import Inbox, inbox_directory
from appliance.intake.receipts import Receipts
from appliance.store import intake_sources
from appliance.types import DrawReason

BROKEN = "9,i går,070-174 06 09,Växel,0,0,inbound,1"


@pytest.fixture
def inbox(box: MadeUp) -> Inbox:
    return inbox_of(box)


def left(box: MadeUp) -> list[str]:
    """What lies in the inbox and its folders; the time before a name is left out."""
    folder = inbox_directory(box.directory)
    found = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path.with_name(path.name.split("-", 1)[-1]).as_posix() for path in found)


def kept(box: MadeUp, where: str) -> list[dict[str, str]]:
    """The rows of the only file in done/ or rejected/."""
    (path,) = (inbox_directory(box.directory) / where).iterdir()
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def counts(box: MadeUp, source: str = "efterklang") -> tuple[int, int, int, int]:
    (found,) = (each for each in intake_sources.all_sources(box.db) if each.name == source)
    return found.decided, found.repeated, found.rejected, found.no_record


def test_a_file_is_taken_in_and_its_receipt_kept(box: MadeUp, inbox: Inbox) -> None:
    put(box, "a.csv", row("1"), row("2", NUMBERS[1]), row("3", ""))
    sweep(inbox)
    assert reasons(box.db) == [DrawReason.QUEUED, DrawReason.QUEUED, DrawReason.ANONYMOUS]
    assert left(box) == ["done/a.csv"]
    assert [(each["line"], each["call_id"], each["reason"]) for each in kept(box, "done")] == [
        ("2", "1", "queued"),
        ("3", "2", "queued"),
        ("4", "3", "anonymous"),
    ]
    assert kept(box, "done")[0] == {
        "line": "2",
        "reason": "queued",
        "call_id": "1",
        "ended_at": "2026-11-24T14:00:00+00:00",
        "number": "0xx-xxx xx xx",
        "queue": "Växel",
        "wait_seconds": "30",
        "talk_seconds": "120",
        "direction": "inbound",
        "answered": "1",
    }
    assert counts(box) == (3, 0, 0, 1)
    sweep(inbox)
    assert len(reasons(box.db)) == 3


def test_no_receipt_is_kept_where_none_is_wanted(box: MadeUp) -> None:
    put(box, "a.csv", row("1"), BROKEN)
    sweep(inbox_of(box, settings_with(intake={"done": "none"})))
    assert left(box) == ["rejected/a.csv"]


def test_the_agent_s_column_is_in_no_receipt(box: MadeUp, inbox: Inbox) -> None:
    put(box, "a.csv", f"{row('1')},Kalle Svensson", header=f"{HEADER},agent")
    sweep(inbox)
    (receipt,) = (inbox_directory(box.directory) / "done").iterdir()
    assert "Kalle" not in receipt.read_text(encoding="utf-8")


def test_a_number_within_the_call_s_id_is_masked_in_the_receipt(box: MadeUp, inbox: Inbox) -> None:
    put(box, "a.csv", row("2026112415-46701740605"), row("1700834958.1234", NUMBERS[1]))
    sweep(inbox)
    assert [each["call_id"] for each in kept(box, "done")] == ["xxxxxxxxxx-xxxxxxxxxxx", "1700834958.1234"]


def test_the_inbox_is_made_and_what_is_kept_is_our_own_user_s(box: MadeUp, inbox: Inbox) -> None:
    sweep(inbox)
    assert inbox_directory(box.directory).stat().st_mode & 0o777 == 0o700
    put(box, "a.csv", row("1"), BROKEN)
    sweep(inbox)
    for path in inbox_directory(box.directory).rglob("*"):
        assert path.stat().st_mode & 0o077 == 0


def test_unreadable_lines_are_kept_masked_with_their_number_and_reason(box: MadeUp, inbox: Inbox) -> None:
    put(box, "calls.csv", row("1"), BROKEN, row("2", NUMBERS[1]))
    sweep(inbox)
    assert reasons(box.db) == [DrawReason.QUEUED] * 2
    assert left(box) == ["done/calls.csv", "rejected/calls.csv"]
    (broken,) = kept(box, "rejected")
    assert broken["line"] == "3"
    assert broken["reason"] == "ended_at is no time; write 2026-11-21T14:05:00"
    assert broken["text"] == "0,x xxx,000-000 00 00,xxxxx,0,0,xxxxxxx,0"
    assert counts(box) == (2, 0, 1, 1)


def test_a_line_in_another_encoding_is_rejected_and_the_others_go_on(box: MadeUp, inbox: Inbox) -> None:
    path = put(box, "calls.csv", row("1"))
    put_bytes(path, path.read_bytes() + row("2", NUMBERS[1]).encode("latin-1") + b"\n" + row("3", NUMBERS[2]).encode())
    sweep(inbox)
    assert len(reasons(box.db)) == 2
    assert kept(box, "rejected")[0]["line"] == "3"


def put_bytes(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    os.utime(path, (0, 0))


@pytest.mark.parametrize("header", ["samtal,slut,nummer", "call_id;ended_at", "\x00\x01PK\x03\x04"])
def test_a_file_that_is_none_of_ours_is_refused_whole_with_one_reason(
    box: MadeUp, inbox: Inbox, caplog: pytest.LogCaptureFixture, header: str
) -> None:
    put(box, "calls.csv", row("1"), row("2", NUMBERS[1]), header=header)
    sweep(inbox)
    assert left(box) == ["rejected/calls.csv"]
    about, first, second, _ = kept(box, "rejected")
    assert (about["line"], first["line"], second["line"]) == ("0", "1", "2")
    assert about["reason"] != ""
    assert about["text"] == first["reason"] == second["reason"] == ""
    assert second["text"] == "0,0000-00-00x00:00:00,000-000 00 00,xxxxx,00,000,xxxxxxx,0"
    assert len([entry for entry in caplog.records if entry.levelno >= logging.WARNING]) == 1


def test_of_what_is_no_text_no_more_is_kept_than_of_text(box: MadeUp, inbox: Inbox) -> None:
    path = put(box, "calls.xlsx", "")
    put_bytes(path, b"PK\x03\x04\x00\x00 0701740605 \x00\n\x00070-174 06 06\x00 ab\n")
    sweep(inbox)
    assert left(box) == ["rejected/calls.xlsx"]
    assert [each["text"] for each in kept(box, "rejected")] == ["", "xxxxxx 0000000000 x", "x000-000 00 00x xx"]


def test_a_second_file_of_the_same_name_does_not_displace_the_first(box: MadeUp, inbox: Inbox) -> None:
    for number in range(3):
        put(box, "calls.csv", BROKEN.replace("9", str(number), 1))
        sweep(inbox, NOW)
    put(box, "own/calls.csv", BROKEN)
    assert left(box) == ["own/calls.csv", *["rejected/calls.csv"] * 3]


def test_any_name_is_taken_but_those_of_files_that_are_not_whole_yet(box: MadeUp, inbox: Inbox) -> None:
    for name in ("a", "b.TXT", "c.log", ".d.csv", "e.csv.part", "f.tmp", "g.csv.filepart", "h.draft", "å ä:*.csv"):
        put(box, name, row(name, ""))
    put(box, "young.csv", row("young", ""), age_seconds=0)
    sweep(inbox)
    waiting = {path.name for path in inbox_directory(box.directory).iterdir() if path.is_file()}
    assert waiting == {".d.csv", "e.csv.part", "f.tmp", "g.csv.filepart", "h.draft", "young.csv"}
    assert len(reasons(box.db)) == 4


def test_an_odd_name_is_one_that_can_be_kept(box: MadeUp, inbox: Inbox) -> None:
    put(box, f"{NUMBERS[0]}.csv", row("1", ""))
    put(box, "å" * 100 + "\udcff" + ".csv", row("2", ""))
    sweep(inbox)
    names = sorted(path.name.split("-", 1)[1] for path in (inbox_directory(box.directory) / "done").iterdir())
    assert names[0] == "0xx-xxx_xx_xx.csv"
    assert names[1].endswith("_.csv")


def test_files_in_a_folder_are_read_with_the_profile_of_that_name(box: MadeUp, inbox: Inbox) -> None:
    own = box.directory / "profiles" / "trio.toml"
    own.parent.mkdir()
    own.write_text('base = "efterklang"\n[queue]\ncolumns = ["ko"]\n', encoding="utf-8")
    header = HEADER.replace("queue", "ko")
    put(box, "trio/a.csv", row("1", queue="Bygg"), header=header)
    put(box, "b.csv", row("1", NUMBERS[1]))
    sweep(inbox)
    assert set(box.db.execute("SELECT source, queue FROM contacts")) == {("trio", "Bygg"), ("efterklang", "Växel")}
    assert counts(box, "trio") == (1, 0, 0, 1)
    assert left(box) == ["done/a.csv", "done/b.csv"]


def test_the_inbox_s_own_profile_is_that_of_the_settings(box: MadeUp) -> None:
    path = box.directory / "trio.toml"
    path.write_text('base = "efterklang"\n', encoding="utf-8")
    put(box, "a.csv", row("1"))
    sweep(inbox_of(box, settings_with(intake={"profile": str(path)})))
    assert box.db.execute("SELECT source FROM contacts").fetchall() == [("trio",)]


def test_a_folder_without_a_profile_is_one_clear_error_and_stops_nothing(
    box: MadeUp, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    put(box, "nobody/a.csv", row("1"))
    put(box, "b.csv", row("2"))
    for _ in range(3):
        sweep(inbox)
    assert left(box) == ["done/b.csv", "nobody/a.csv"]
    (error,) = (entry.message for entry in caplog.records if entry.levelno == logging.ERROR)
    assert error.startswith("inbox/nobody/a.csv: cannot be taken in: nobody: no such profile")


def test_a_file_that_cannot_be_put_away_is_one_clear_error_and_stops_nothing(
    box: MadeUp, inbox: Inbox, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, "a.csv", row("1"), age_seconds=90)
    put(box, "b.csv", row("2", NUMBERS[1]))
    rename = Path.rename

    def refuse(path: Path, target: Path) -> Path:
        if path.name == "a.csv":
            raise PermissionError(13, "Permission denied")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuse)
    for _ in range(3):
        sweep(inbox)
    assert left(box) == ["a.csv", "done/b.csv"]
    (error,) = (entry.message for entry in caplog.records if entry.levelno == logging.ERROR)
    assert error == ("inbox/a.csv: cannot be taken in: Permission denied; the inbox must belong to our own user")


def test_a_file_that_grows_while_it_is_read_is_taken_in_to_its_end(box: MadeUp, inbox: Inbox) -> None:
    put(box, "calls.csv", row("1"))
    inbox.step(NOW)
    (claimed,) = (path for path in inbox_directory(box.directory).iterdir() if path.is_file())
    with claimed.open("a", encoding="utf-8") as file:
        file.write(row("2", NUMBERS[1]) + "\n")
    sweep(inbox)
    assert len(reasons(box.db)) == 1
    put_bytes(claimed, claimed.read_bytes())
    sweep(inbox)
    assert reasons(box.db) == [DrawReason.QUEUED] * 2
    assert left(box) == ["done/calls.csv"]
    assert len(kept(box, "done")) == 2
    assert counts(box) == (2, 0, 0, 1)


def test_what_is_no_file_is_left_alone(box: MadeUp, inbox: Inbox) -> None:
    folder = inbox_directory(box.directory)
    (folder / "folder.csv").mkdir(parents=True)
    (folder / "nowhere.csv").symlink_to(folder / "none")
    secret = box.directory / "secret"
    secret.write_text("x", encoding="utf-8")
    (folder / "link.csv").symlink_to(secret)
    sweep(inbox, NOW + timedelta(days=1))
    assert sorted(path.name for path in folder.iterdir()) == ["folder.csv", "link.csv", "nowhere.csv"]


def test_odd_numbers_stop_nothing(box: MadeUp) -> None:
    odd = ["+0000001", "00" + "1" * 20, "+999123"]
    put(box, "calls.csv", *(row(str(number), odd[number % 3] + str(number)) for number in range(60)))
    sweep(inbox_of(box, settings_with(dialer={"share": 0.0})))
    assert set(reasons(box.db)) == {DrawReason.FOREIGN_OR_PREMIUM}


@pytest.mark.parametrize(
    ("rested_seconds", "ending", "is_taken"), [(9, "\n", False), (11, "\n", True), (590, "", False), (610, "", True)]
)
def test_a_last_line_that_has_not_ended_is_waited_for(
    box: MadeUp, inbox: Inbox, rested_seconds: float, ending: str, is_taken: bool
) -> None:
    path = put(box, "calls.csv")
    path.write_text(f"{HEADER}\n{row('1')}{ending}", encoding="utf-8")
    then = time.time() - rested_seconds
    os.utime(path, (then, then))
    sweep(inbox)
    assert left(box) == (["done/calls.csv"] if is_taken else ["calls.csv"])


def test_what_is_written_while_the_file_is_put_away_is_taken_in_too(
    box: MadeUp, inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(box, "calls.csv", row("1"))
    put_away = Receipts.put

    def put_late(receipts: Receipts) -> None:
        put_away(receipts)
        for path in inbox_directory(box.directory).glob(".taken-*"):
            with path.open("a", encoding="utf-8") as file:
                file.write(row("2", NUMBERS[1]) + "\n")

    with monkeypatch.context() as patched:
        patched.setattr(Receipts, "put", put_late)
        sweep(inbox)
    (claimed,) = inbox_directory(box.directory).glob(".taken-*")
    os.utime(claimed, (0, 0))
    sweep(inbox)
    assert reasons(box.db) == [DrawReason.QUEUED] * 2
    assert left(box) == ["done/calls.csv"]
    assert counts(box) == (2, 0, 0, 1)
