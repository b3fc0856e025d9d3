import logging
import os
import time
from pathlib import Path
from typing import Any

import pytest
from made_up import MadeUp
from records import HEADER, NOW, inbox_of, put, reasons, row, sweep

from appliance.intake import dropped
from appliance.intake import inbox as inbox_module
from appliance.intake.inbox import Inbox, inbox_directory
from appliance.types import DrawReason

LONGEST_STEP_SECONDS = 2.0


@pytest.fixture
def inbox(box: MadeUp) -> Inbox:
    return inbox_of(box)


def longest_step(inbox: Inbox) -> float:
    longest, goes_on = 0.0, True
    while goes_on:
        begun = time.monotonic()
        goes_on = inbox.step(NOW)
        longest = max(longest, time.monotonic() - begun)
    return longest


def lay(box: MadeUp, name: str, content: bytes, size: int = 0) -> Path:
    """A file of this content, with a hole behind it up to a size."""
    path = inbox_directory(box.directory) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    if size:
        os.truncate(path, size)
    os.utime(path, (0, 0))
    return path


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (b"\n" * 1_000_000, 0),
        (b"samtal;nummer\n" + b"1;2\n" * 3_000_000, 0),
        (HEADER.encode() + b"\n", 1 << 29),
        (b"", 20 << 30),
        (HEADER.encode() + b"\n" + (HEADER.encode() + b"\n") * 100_000, 0),
    ],
    ids=["empty lines", "a wrong heading", "one line of 512 MiB", "20 GiB of nothing", "headings only"],
)
def test_no_step_takes_long_whatever_the_file(box: MadeUp, inbox: Inbox, content: bytes, size: int) -> None:
    path = lay(box, "calls.csv", content, size)
    put(box, "good.csv", row("1"))
    assert longest_step(inbox) < LONGEST_STEP_SECONDS
    assert not path.exists()
    assert reasons(box.db) == [DrawReason.QUEUED]
    assert sum(kept.stat().st_size for kept in inbox_directory(box.directory).rglob("*") if kept.is_file()) < 100_000


def test_a_file_larger_than_any_day_is_refused_with_its_reason(
    box: MadeUp, inbox: Inbox, caplog: pytest.LogCaptureFixture
) -> None:
    lay(box, "calls.csv", f"{HEADER}\n{row('1')}\n".encode(), (1 << 30) + 1)
    sweep(inbox)
    assert "it is larger than 1024 MiB; hand it in in parts" in caplog.text
    assert reasons(box.db) == []


@pytest.mark.parametrize("name", [".taken-", ".taken-x.csv", ".taken-20261124T143200000000-", "done", "rejected"])
def test_no_name_stops_the_inbox(box: MadeUp, inbox: Inbox, name: str) -> None:
    folder = inbox_directory(box.directory)
    lay(box, name, f"{HEADER}\n{row('1')}\n9,broken\n".encode())
    for number in "23":
        put(box, "calls.csv", row(number), f"{number},broken")
        sweep(inbox)
    assert len(reasons(box.db)) == 3
    assert sorted(path.name for path in folder.iterdir()) == ["done", "rejected"]
    assert [len(list((folder / kept).iterdir())) for kept in ("done", "rejected")] == [3, 3]


def test_what_stands_where_our_own_folders_belong_is_put_aside(box: MadeUp, inbox: Inbox) -> None:
    folder = inbox_directory(box.directory)
    folder.mkdir()
    os.mkfifo(folder / "done")
    (folder / "rejected").symlink_to(folder / "nowhere")
    put(box, "calls.csv", row("1"), "2,broken")
    sweep(inbox)
    assert len(reasons(box.db)) == 1
    assert sorted(path.name.split("-")[0] for path in folder.iterdir()) == ["done", "done", "rejected", "rejected"]
    assert [len(list((folder / kept).iterdir())) for kept in ("done", "rejected")] == [1, 1]


@pytest.mark.parametrize("kind", ["fifo", "link"])
def test_what_is_swapped_in_after_the_look_is_neither_read_nor_waited_for(
    box: MadeUp, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, kind: str
) -> None:
    secret = box.directory / "secret"
    secret.write_text(f"{HEADER}\n{row('7')}\n", encoding="utf-8")
    os.utime(secret, (0, 0))
    put(box, "calls.csv", row("1"))
    put(box, "good.csv", row("2"), age_seconds=30)

    def ready(folder: Path) -> list[Path]:
        found = dropped.ready(folder)
        for path in found:
            if path.name == "calls.csv":
                path.unlink()
                os.mkfifo(path) if kind == "fifo" else path.symlink_to(secret)
        return found

    monkeypatch.setattr(inbox_module, "ready", ready)
    assert longest_step(inbox) < LONGEST_STEP_SECONDS
    assert box.db.execute("SELECT count(*) FROM contacts").fetchone() == (1,)
    assert len([entry for entry in caplog.records if entry.levelno == logging.ERROR]) == 1
    assert secret.exists()


def test_an_error_that_nobody_thought_of_costs_one_file(
    box: MadeUp, inbox: Inbox, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    admit = inbox_module.admit

    def fragile(*arguments: Any, **named: Any) -> Any:
        if len(arguments[3].contacts) == 2:
            raise ZeroDivisionError("070-174 06 05")
        return admit(*arguments, **named)

    monkeypatch.setattr(inbox_module, "admit", fragile)
    put(box, "a.csv", row("1"), row("2"), age_seconds=90)
    put(box, "b.csv", row("3"))
    sweep(inbox)
    assert len(reasons(box.db)) == 1
    assert "cannot be taken in: ZeroDivisionError" in caplog.text
    assert "070" not in caplog.text
