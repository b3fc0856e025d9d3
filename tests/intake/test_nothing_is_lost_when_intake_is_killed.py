"""SIGKILL at seeded random moments, while records come in every way: each line is accounted for exactly once."""

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import days
import pytest
from days import FORMATS, day
from killed import Connecting, Dropping, Town, Way

from appliance.intake.inbox import inbox_directory
from appliance.intake.profile_file import load_profile
from appliance.store import Database, intake_sources, open_store
from appliance.store.intake_sources import Source
from appliance.store.integrity import faults

_TWICE_SHARE = 0.02
"""Of the records that are sent once more."""
_PATIENCE_SECONDS = 300


@dataclass(frozen=True)
class Sent:
    """What a way is given to send, and what must come of it."""

    source: str
    way: Way
    lines: Sequence[bytes]
    decided: int
    repeated: int
    rejected: int


def sent(name: str, source: str, way: Way, records: int, luck: random.Random) -> Sent:
    """A day of one format, some of its records twice."""
    found = [line for line in day(name, records, luck.randrange(10**6)) if not line.is_heading]
    for line in luck.sample([line for line in found if line.meant], int(records * _TWICE_SHARE)):
        found.insert(luck.randrange(found.index(line) + 1, len(found) + 1), line)
    calls = [line.meant.source_call_id for line in found if line.meant]
    decided = len(set(calls))
    lines = [line.raw.rstrip(b"\r\n") for line in found]
    return Sent(source, way, lines, decided, len(calls) - decided, len(lines) - len(calls))


def ways_of(name: str, folder: Path, records: int, luck: random.Random) -> list[Sent]:
    """A third of the records in each way; files only, where a heading names the columns."""
    files = Dropping(inbox_directory(folder / "box") / name, b"\n".join(heading(name)))
    if load_profile(name).layout.known_columns() is None:
        return [sent(name, name, files, records, luck)]
    calling = Connecting(f"to-us-{name}", name, random.Random(luck.random()), is_called=False)
    called = Connecting(f"by-us-{name}", name, random.Random(luck.random()), is_called=True)
    return [
        sent(name, name, files, records - 2 * (records // 3), luck),
        sent(name, calling.name, calling, records // 3, luck),
        sent(name, called.name, called, records // 3, luck),
    ]


def heading(name: str) -> list[bytes]:
    return [line.raw.rstrip(b"\r\n") for line in day(name, 1, 1) if line.is_heading]


def run(folder: Path, records: int, kills: int, seed: int) -> None:
    luck = random.Random(seed)
    told = [each for name in FORMATS for each in ways_of(name, folder, records, luck)]
    with Town(folder, ((each.way, each.lines) for each in told)) as town:
        for _ in town.portions(kills):
            town.victim.wait(luck.uniform(0, 1.5))
            town.victim.kill()
        db = open_store(town.box)
        try:
            judge(db, town, told, seed)
        finally:
            db.close()


def judge(db: Database, town: Town, told: list[Sent], seed: int) -> None:
    deadline = time.monotonic() + _PATIENCE_SECONDS
    wanted = sum(len(each.lines) for each in told)
    while accounted_for(found := intake_sources.all_sources(db)) < wanted and time.monotonic() < deadline:
        town.victim.wait(0.5)
    counts = {source.name: (source.decided, source.repeated, source.rejected) for source in found}
    assert counts == {each.source: (each.decided, each.repeated, each.rejected) for each in told}, f"seed {seed}"
    assert contacts_of(db) == {each.source: each.decided for each in told}, f"seed {seed}"
    assert faults(db) == [], f"seed {seed}"


def accounted_for(sources: list[Source]) -> int:
    return sum(source.decided + source.repeated + source.rejected for source in sources)


def contacts_of(db: Database) -> dict[str, int]:
    return dict(db.execute("SELECT source, count(*) FROM contacts GROUP BY source").fetchall())


@pytest.fixture(autouse=True)
def yesterday(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process goes by the real clock, and no call ends in the future."""
    monkeypatch.setattr(days, "OPENS", (datetime.now(UTC) - timedelta(days=1)).replace(hour=7, minute=0, second=0))


def test_five_kills_lose_and_double_nothing(tmp_path: Path) -> None:
    run(tmp_path, records=600, kills=5, seed=time.time_ns())


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_fifty_kills_of_a_day_of_every_pbx_lose_and_double_nothing(tmp_path: Path) -> None:
    run(tmp_path, records=20_000, kills=50, seed=time.time_ns())
