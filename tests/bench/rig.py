"""Real lines and the telephones they ring, as processes on loopback, for proofs that take long or do harm."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from appliance.custody.keys import load_keys
from appliance.intake.register import Register
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.settings_file import load
from appliance.signals import child_environment
from appliance.store import interviews, open_store, writing
from appliance.types import Direction, EndedContact, InterviewId

PHONE = Path(__file__).parent / "answering_phone.py"
CONFIGURATION = """
[storage]
directory = "{directory}"
[sip]
registrar = "sip:{pbx_host}:{pbx_port}"
register = {register}
transport = "{transport}"
local_address = "127.0.0.1"
local_port = {port}
caller_id = "+46313900699"
processes = 16
calls_per_process = {calls}
[dialer]
hours = {{ mon-sun = "00:00-24:00" }}
holidays = true
delay_minutes = 0
share = 1.0
quiet_days = 0
max_attempts = 1
ring_seconds = 10
calls_per_minute = 6000
"""


@dataclass
class Process:
    """One of ours, watched from the outside."""

    running: "subprocess.Popen[bytes]"
    port: int
    pbx_port: int
    log: Path

    @property
    def alive(self) -> bool:
        return self.running.poll() is None

    @property
    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.running.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    @property
    def rss_mib(self) -> float:
        return int(Path(f"/proc/{self.running.pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def handles(self) -> int:
        return len(list(Path(f"/proc/{self.running.pid}/fd").iterdir()))

    def stop(self, seconds: float = 8) -> int:
        """End it as systemd would; returns its exit code, that of a kill where it hangs."""
        self.running.terminate()
        try:
            return self.running.wait(seconds)
        except subprocess.TimeoutExpired:
            self.running.kill()
            return self.running.wait()


@dataclass
class Rig:
    """A box's storage with its lines, and a telephone each that they ring."""

    folder: Path
    transport: str = "udp"
    calls: int = 4
    register: bool = False
    pbx_host: str = "127.0.0.1"
    processes: list[Process] = field(default_factory=list)
    fed_with: Counter[str] = field(default_factory=Counter)
    """How many interviews there were with each number."""

    def __post_init__(self) -> None:
        self.storage = self.folder / "box"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.db = open_store(self.storage)

    def line(self, number: int, pbx_port: int, port: int = 0) -> Process:
        """Start line `number`; it rings whoever is on `pbx_port`."""
        port = port or free_port()
        config = self.folder / f"line-{number}.toml"
        values = {
            "pbx_host": self.pbx_host,
            "pbx_port": pbx_port,
            "transport": self.transport,
            "port": port,
            "calls": self.calls,
        }
        register = "true" if self.register else "false"
        config.write_text(CONFIGURATION.format(directory=self.storage, register=register, **values), encoding="utf-8")
        command = [sys.executable, "-m", "appliance", "--config", str(config), "line", str(number)]
        return self._start(command, port, pbx_port, self.folder / f"line-{number}.log")

    def phone(self, port: int = 0, pause_seconds: float = 0.8, *, speaks: bool = False, calls: int = 0) -> Process:
        """Start a telephone that takes part; returns once it can be rung."""
        port = port or free_port()
        ready = self.folder / f"ready-{port}"
        ready.unlink(missing_ok=True)
        choices = [self.transport, self.folder, calls or self.calls, pause_seconds, int(speaks)]
        command = [sys.executable, str(PHONE), str(port), *map(str, choices)]
        phone = self._start(command, port, port, self.folder / f"phone-{port}.log")
        wait_for(lambda: ready.exists() or not phone.alive, 20, "the telephone is not ready")
        assert phone.alive, phone.log.read_text()
        return phone

    def feed(self, contacts: int) -> list[InterviewId]:
        """So many citizens have just talked with the municipality and are now to be rung; returns their interviews."""
        before = set(interviews.all_ids(self.db))
        register = Register(self.db, load_keys(self.storage), load(next(self.folder.glob("line-*.toml"))))
        now = datetime.now(UTC)
        for _ in range(contacts):
            number = FICTIONAL_NUMBERS[self.fed_with.total() % len(FICTIONAL_NUMBERS)]
            self.fed_with[number] += 1
            name = f"contact-{self.fed_with.total()}"
            register.admit(
                EndedContact("rig", name, now, number, "Växel", 1, 60, Direction.INBOUND, answered=True), now
            )
        return [interview for interview in interviews.all_ids(self.db) if interview not in before]

    def waiting(self) -> int:
        """How many interviews are queued."""
        return int(self.db["interviews"].count_where("state = 'queued'"))  # type: ignore[union-attr]

    def live(self, line: str = "line-%") -> list[InterviewId]:
        """The interviews that are under way, on one line or on all."""
        rows = self.db.execute("SELECT id FROM interviews WHERE state = 'live' AND line LIKE ?", [line])
        return [InterviewId(row[0]) for row in rows]

    def outcomes(self) -> Counter[str]:
        """How the interviews ended that are over."""
        return Counter(row[0] for row in self.db.execute("SELECT outcome FROM interviews WHERE state = 'over'"))

    def answered(self, interview: InterviewId) -> int:
        """How often somebody picked up."""
        where = "interview_id = ? AND answered_at IS NOT NULL"
        return int(self.db["attempts"].count_where(where, [interview]))  # type: ignore[union-attr]

    def forget_the_queue(self) -> None:
        """Nobody waits any more, and the trunk's faults are forgiven: what comes next is rung at once."""
        with writing(self.db):
            self.db.execute("UPDATE interviews SET due_at = '2100' WHERE state = 'queued'")
            self.db.execute("UPDATE trunk SET faults = 0, paused_until = NULL")

    def deeds(self, phone: Process) -> list[dict[str, Any]]:
        path = self.folder / f"deeds-{phone.port}.jsonl"
        return [json.loads(row) for row in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def _start(self, command: list[str], port: int, pbx_port: int, log: Path) -> Process:
        path = os.pathsep.join([str(Path(__file__).parents[1]), os.environ.get("PYTHONPATH", "")])
        with log.open("ab") as out:
            running = subprocess.Popen(
                command,
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
                env={**child_environment(), "PYTHONPATH": path},
            )
        process = Process(running, port, pbx_port, log)
        self.processes.append(process)
        return process


@contextmanager
def rig(folder: Path, **options: Any) -> Iterator[Rig]:
    """Whatever happens, no process is left behind."""
    made = Rig(folder, **options)
    try:
        yield made
    finally:
        for process in made.processes:
            if process.alive:
                process.running.send_signal(signal.SIGTERM)
        for process in made.processes:
            process.stop()
        made.db.close()


def free_port() -> int:
    """Free for UDP and TCP on loopback."""
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, socket.socket() as tcp:
            udp.bind(("127.0.0.1", 0))
            port = int(udp.getsockname()[1])
            try:
                tcp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port


def wait_for(what: Callable[[], bool], seconds: float, otherwise: str = "it did not happen in time") -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, otherwise
        time.sleep(0.05)
