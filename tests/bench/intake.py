"""Call records a second into a store of millions of contacts, by file and over TCP, beside plain inserts of the same.

scripts/bench intake [--contacts 10000000] [--records 20000] [--store DIRECTORY] [--profile]. The store is made where
it is not there (3.7 GB for ten millions; on a disk, not in memory) and left where a directory is given. "plain" inserts
the same parsed rows into the same table by sqlite-utils, a hundred a transaction and one a transaction: no intake can
be faster. A line of JSON for each; with --profile what took longest, to stderr.
"""

import argparse
import cProfile
import json
import os
import pstats
import random
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import days
from bench.parts.town_register import QUEUES, fill
from wires import free_port

from appliance.custody.keys import load_keys
from appliance.intake import worker
from appliance.intake.fingerprint import fingerprint_of
from appliance.intake.inbox import inbox_directory
from appliance.intake.profile_file import load_profile
from appliance.settings import Settings
from appliance.store import Database, database_path, open_store
from appliance.types import EndedContact

FORMAT: Final = "3cx"
ZONE: Final = ZoneInfo("Europe/Stockholm")
LIMITS: Final[Mapping[str, Any]] = {
    "daily_cap": 1_000_000,
    "quotas": [{"queue": queue, "per": "month", "interviews": 1_000_000} for queue in QUEUES],
}
PLAIN_ONE_BY_ONE: Final = 2000


@dataclass(frozen=True)
class Spent:
    seconds: float
    processor_seconds: float
    """Of this process: what a busy machine does not change."""


def spent_by(work: Callable[[], object]) -> Spent:
    begun, used = time.monotonic(), time.process_time()
    work()
    return Spent(time.monotonic() - begun, time.process_time() - used)


def lines_of(records: int) -> list[bytes]:
    """A day of one format without its broken lines; calls that were never there before."""
    days.OPENS = (datetime.now(UTC) - timedelta(days=1)).replace(hour=7, minute=0, second=0, microsecond=0)
    mark = f"{random.randrange(16**8):08X}".encode()
    made = [line.raw for line in days.day(FORMAT, records, random.randrange(10**9)) if line.meant]
    return [line.replace(b"0000018F", mark, 1).replace(b"Call ", b"Call " + mark, 1) for line in made]


def parsed(lines: list[bytes], directory: Path) -> list[EndedContact]:
    profile = profile_of(directory)
    reader = profile.reader("plain", ZONE, fingerprint_of(load_keys(directory)))
    items = [reader.read(number, profile.text_of(line), datetime.now(UTC)) for number, line in enumerate(lines, 1)]
    return [item for item in items if isinstance(item, EndedContact)]


def by_file(directory: Path, lines: list[bytes], limits: Mapping[str, Any]) -> Spent:
    """From the first turn until all are decided upon and the file is put away."""
    path = inbox_directory(directory) / "bench" / "calls.csv"
    path.write_bytes(b"".join(lines))
    os.utime(path, (time.time() - 60,) * 2)
    return worked(directory, limits, "bench", len(lines))


def by_tcp(directory: Path, lines: list[bytes], limits: Mapping[str, Any]) -> Spent:
    port = free_port()
    source = {"name": "pbx", "profile": profile_path(directory), "listen": f"127.0.0.1:{port}"}
    intake = {"tcp": [{**source, "trusted_addresses": ["127.0.0.1"]}]}
    sender = threading.Thread(target=send, args=[port, b"".join(lines)])
    sender.start()
    spent = worked(directory, limits, "pbx", len(lines), intake)
    sender.join()
    return spent


def send(port: int, content: bytes) -> None:
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port)) as pbx:
                pbx.sendall(content)
                return
        except ConnectionRefusedError:
            time.sleep(0.02)


def worked(
    directory: Path, limits: Mapping[str, Any], source: str, records: int, intake: Mapping[str, Any] | None = None
) -> Spent:
    """The intake's own loop in this process, until the source has counted so many."""
    db = open_store(directory)
    rows = "SELECT coalesce(sum(decided + repeated + rejected), 0) FROM intake_sources WHERE name = ?"
    goal = db.execute(rows, (source,)).fetchone()[0] + records
    sections = {"storage": {"directory": directory}, "draw": limits, "intake": intake or {}}
    settings = Settings.model_validate({**sections, "dialer": {"share": 0.25, "quiet_days": 90}})
    files = inbox_directory(directory) / "bench"

    def is_done() -> bool:
        return db.execute(rows, (source,)).fetchone()[0] >= goal and not any(files.iterdir())

    spent = spent_by(lambda: worker.run(db, load_keys(directory), settings, is_done))
    db.close()
    return spent


def plain(directory: Path, contacts: list[EndedContact], batch: int) -> Spent:
    """The same rows by sqlite-utils, and nothing decided."""
    db = open_store(directory)
    now, mark = datetime.now(UTC).isoformat(), f"plain-{random.randrange(10**9)}"
    rows = [
        {
            **{key: value for key, value in asdict(each).items() if key not in {"number", "ended_at"}},
            "source": mark,
            "ended_at": each.ended_at.isoformat(),
            "reason": "not_drawn",
            "decided_at": now,
        }
        for each in contacts
    ]
    spent = spent_by(lambda: insert(db, rows, batch))
    assert db.execute("SELECT count(*) FROM contacts WHERE source = ?", (mark,)).fetchone()[0] == len(rows)
    db.close()
    return spent


def insert(db: Database, rows: list[dict[str, Any]], batch: int) -> None:
    if batch > 1:
        db["contacts"].insert_all(rows, batch_size=batch)
    else:
        for row in rows:
            db["contacts"].insert(row)


def profile_path(directory: Path) -> str:
    return str(directory / "profiles" / "bench.toml")


def profile_of(directory: Path) -> Any:
    """The shipped one, with the queues named."""
    path = Path(profile_path(directory))
    path.parent.mkdir(exist_ok=True)
    names = "\n".join(f'"{number}" = "{name}"' for number, name in days.QUEUES.items())
    path.write_text(f'base = "{FORMAT}"\n[queue.names]\n{names}\n', encoding="utf-8")
    return load_profile(path)


@contextmanager
def profiled() -> Iterator[None]:
    profile = cProfile.Profile()
    with profile:
        yield
    pstats.Stats(profile, stream=sys.stderr).sort_stats("tottime").print_stats(35)


def tell(what: str, records: int, spent: Spent) -> None:
    figures = {"what": what, "records": records, "a_second": round(records / spent.seconds)}
    each = {"ms_each": spent.seconds, "processor_ms_each": spent.processor_seconds}
    print(json.dumps(figures | {name: round(1000 * value / records, 3) for name, value in each.items()}), flush=True)


def measure(directory: Path, records: int, *, with_profile: bool) -> None:
    watched: Callable[[], Any] = profiled if with_profile else nullcontext
    profile_of(directory)
    (inbox_directory(directory) / "bench").mkdir(parents=True, exist_ok=True)
    for way in (by_file, by_tcp):
        for limits, with_what in (({}, "no limits"), (LIMITS, "daily cap and monthly quotas")):
            lines = lines_of(records)
            with watched():
                spent = way(directory, lines, limits)
            tell(f"{way.__name__}, {with_what}", len(lines), spent)
    contacts = parsed(lines_of(records), directory)
    tell("plain, 100 a transaction", len(contacts), plain(directory, contacts, 100))
    contacts = parsed(lines_of(min(records, PLAIN_ONE_BY_ONE)), directory)
    tell("plain, 1 a transaction", len(contacts), plain(directory, contacts, 1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--contacts", type=int, default=10_000_000)
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--store", type=Path)
    parser.add_argument("--profile", action="store_true")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        directory = chosen.store or Path(folder)
        if not database_path(directory).exists():
            print(json.dumps({"filled": asdict(fill(directory, chosen.contacts))}), flush=True)
        measure(directory, chosen.records, with_profile=chosen.profile)
        print(json.dumps({"mib": round(database_path(directory).stat().st_size / 2**20)}))


if __name__ == "__main__":
    main()
