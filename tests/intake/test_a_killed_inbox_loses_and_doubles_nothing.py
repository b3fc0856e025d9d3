import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from made_up import MadeUp
from records import NOW, NUMBERS, inbox_of, put, reasons, row, sweep

from appliance.intake import inbox as inbox_module
from appliance.intake import receipts, records
from appliance.intake.inbox import inbox_directory
from appliance.signals import child_environment
from appliance.store import intake_sources, interviews

KILLS = 50
LINES = 20_000
BROKEN = "9,i går,070-174 06 09,Växel,0,0,inbound,1"


class Crash(BaseException):
    """The power is gone."""


def lay_out(box: MadeUp, lines: int) -> None:
    rows = (row(f"{number}", NUMBERS[number % len(NUMBERS)]) for number in range(lines))
    put(box, "calls.csv", *rows, BROKEN, age_seconds=90)
    put(box, "more/calls.csv", *(row(f"{number}") for number in range(7)), BROKEN)
    (box.directory / "profiles").mkdir(exist_ok=True)
    (box.directory / "profiles" / "more.toml").write_text('base = "efterklang"\n', encoding="utf-8")


def outcome(box: MadeUp) -> dict[str, object]:
    """All that must be the same however often it was killed."""
    folder = inbox_directory(box.directory)
    kept = sorted(path for path in folder.rglob("*") if path.is_file())
    texts = sorted(path.read_text(encoding="utf-8") for path in kept)
    counts = [(each.name, each.decided, each.repeated, each.rejected) for each in intake_sources.all_sources(box.db)]
    return {
        "reasons": reasons(box.db),
        "interviews": len(interviews.all_ids(box.db)),
        "kept": sorted(path.parent.name for path in kept),
        "texts": texts,
        "counts": counts,
        "remembered": box.db.execute("SELECT * FROM taken_files").fetchall(),
    }


def crash_at(monkeypatch: pytest.MonkeyPatch, turn: int) -> None:
    """The power goes at the turn-th thing that changes a disk, right before it or right after."""
    turns = count()

    def fragile(change: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            if next(turns) == turn:
                raise Crash
            result = change(*arguments, **named)
            if next(turns) == turn:
                raise Crash
            return result

        return call

    for owner, name in (
        *((Path, "rename"), (Path, "replace"), (Path, "unlink"), (os, "fsync")),
        *((inbox_module, "admit"), (inbox_module.taken_files, "forget"), (receipts.Receipts, "put")),
    ):
        monkeypatch.setattr(owner, name, fragile(getattr(owner, name)))


def test_whenever_the_power_goes_the_end_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "_BATCH_LINES", 4)
    calm = MadeUp(tmp_path / "calm")
    lay_out(calm, 10)
    sweep(inbox_of(calm))
    expected = outcome(calm)
    calm.db.close()
    crashes = 0
    for turn in range(200):
        box = MadeUp(tmp_path / f"box-{turn}")
        lay_out(box, 10)
        with monkeypatch.context() as patched:
            crash_at(patched, turn)
            try:
                sweep(inbox_of(box))
            except Crash:
                crashes += 1
            else:
                box.db.close()
                break
        sweep(inbox_of(box), NOW + timedelta(seconds=1))
        assert outcome(box) == expected, f"the power went at turn {turn}"
        box.db.close()
    assert crashes > 50


def test_the_plain_file_goes_only_after_all_that_is_kept_is_on_the_disk(
    box: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace, unlink = os.fsync, Path.replace, Path.unlink

    def sync(descriptor: int) -> None:
        steps.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name.split('-')[0]}")
        fsync(descriptor)

    def put_there(path: Path, target: Path) -> Path:
        steps.append(f"put {target.parent.name}")
        return replace(path, target)

    def remove(path: Path, *, missing_ok: bool = False) -> None:
        if path.exists():
            steps.append("remove")
        unlink(path, missing_ok=missing_ok)

    put(box, "calls.csv", row("1"), BROKEN)
    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", put_there)
    monkeypatch.setattr(Path, "unlink", remove)
    sweep(inbox_of(box))
    draft = f".{NOW:%Y%m%dT%H%M%S%f}"
    assert steps == [
        *("sync inbox", f"sync {draft}", "put rejected", "sync rejected", f"sync {draft}", "put done", "sync done"),
        *("remove", "sync inbox"),
    ]


WORKER = """
import sys
from pathlib import Path
from appliance.custody.keys import load_keys
from appliance.intake.worker import run
from appliance.settings import Settings
from appliance.store import open_store
directory = Path(sys.argv[1])
settings = Settings.model_validate({"storage": {"directory": directory}, "dialer": {"share": 0.3}})
run(open_store(directory), load_keys(directory), settings, lambda: False)
"""


@pytest.mark.slow
def test_fifty_kills_of_the_process_lose_and_double_nothing(tmp_path: Path) -> None:
    box = MadeUp(tmp_path / "box")
    lines, seed = LINES, time.time_ns()
    luck = random.Random(seed)
    ended_at = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    broken = set(luck.sample(range(lines), lines // 100))
    for file in range(10):
        numbers = range(file, lines, 10)
        rows = (BROKEN if n in broken else row(str(n), luck.choice(NUMBERS), ended_at) for n in numbers)
        put(box, f"{file}.csv", *rows, age_seconds=70 - file)
    kills = 0
    while kills < KILLS or not is_empty(box):
        process = subprocess.Popen([sys.executable, "-c", WORKER, str(box.directory)], env=child_environment())
        try:
            if kills < KILLS:
                time.sleep(luck.uniform(0.4, 1.6))
                process.send_signal(signal.SIGKILL)
                kills += 1
            else:
                deadline = time.monotonic() + 240
                while not is_empty(box) and time.monotonic() < deadline:
                    time.sleep(0.5)
                assert is_empty(box), f"seed {seed}"
        finally:
            process.kill()
            process.wait()
    db = box.db
    assert len(reasons(db)) == lines - len(broken), f"seed {seed}"
    assert lines_in(box, "done") == lines - len(broken)
    assert lines_in(box, "rejected") == len(broken)
    (source,) = intake_sources.all_sources(db)
    assert (source.decided, source.repeated, source.rejected) == (lines - len(broken), 0, len(broken)), f"seed {seed}"
    db.close()


def is_empty(box: MadeUp) -> bool:
    return not any(path.is_file() for path in inbox_directory(box.directory).iterdir())


def lines_in(box: MadeUp, where: str) -> int:
    files = (inbox_directory(box.directory) / where).glob("[!.]*")
    return sum(len(path.read_text(encoding="utf-8").splitlines()) - 1 for path in files)
