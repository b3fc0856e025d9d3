"""A box on the exchange: its configuration, its queue, and the real line process that rings from it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from pbx.asterisk import Asterisk
from pbx.citizens import QUESTIONS, Citizen
from pbx.config import PASSWORD

from appliance.custody.keys import load_keys
from appliance.intake.register import Register
from appliance.settings_file import load
from appliance.signals import child_environment
from appliance.store import answers, comments, interviews, open_store, processes
from appliance.types import AnswerKind, CommentState, Direction, EndedContact, InterviewId, Outcome

CALLER_ID = "+46313900699"

Line = subprocess.Popen


def wait_until(what: Callable[[], object], seconds: float, why: str = "it did not happen in time") -> None:
    """AssertionError with `why` where it does not come true."""
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, f"{why} ({seconds} s)"
        time.sleep(0.05)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One row of the attempts: outcome is None while the call goes on."""

    outcome: Outcome | None
    sip_status: int | None
    rang: bool


class Box:
    """Keys of the sections as in the configuration file; rings at any hour, at once. `ami`: keys of [intake.ami].

    Without an exchange `port` says what it rings through.
    """

    def __init__(
        self, folder: Path, pbx: Asterisk | None, *, register: bool = True, user: str = "efterklang",
        transport: str = "udp", host: str = "127.0.0.1", port: int | None = None, dialer: dict[str, Any] | None = None,
        survey: dict[str, Any] | None = None, funnel: dict[str, Any] | None = None, ami: dict[str, Any] | None = None,
        web: dict[str, Any] | None = None, **sip: Any,
    ) -> None:  # fmt: skip
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.log = folder / "line.log"
        password = folder / "password"
        password.write_text(PASSWORD, encoding="utf-8")
        trunk: dict[str, Any] = {"register": register, "caller_id": CALLER_ID, "local_address": "127.0.0.1"}
        if register:
            trunk |= {"user": user, "password_file": str(password)}
        if transport == "tls" and pbx:
            trunk["ca_file"] = str(pbx.authority.write(folder / "ca.pem"))
        port = port or (pbx.ports.of(transport) if pbx else 0)
        trunk |= {"registrar": f"sip:{host}:{port}", "transport": transport, **sip}
        hours = {"holidays": True, "delay_minutes": 0, "share": 1.0, "quiet_days": 0, "max_attempts": 1}
        sections: dict[str, dict[str, Any]] = {
            "storage": {"directory": str(folder / "box")},
            "sip": trunk,
            "dialer": {**hours, "calls_per_minute": 6000, **(dialer or {})},
            "dialer.hours": {"mon-sun": "00:00-24:00"},
            "survey": survey or {},
            "funnel": funnel or {},
            "web": web or {},
            **({"intake.ami": ami} if ami else {}),
        }
        self.config = folder / "efterklang.toml"
        self.config.write_text("\n".join(_toml(name, section) for name, section in sections.items()), encoding="utf-8")
        self.settings = load(self.config)
        self.directory = self.settings.storage.directory
        self.db = open_store(self.directory)
        self._register = Register(self.db, load_keys(self.directory), self.settings)
        self._calls = count()

    def queue(self, citizen: Citizen, queue: str = "Växel") -> InterviewId:
        """The citizen has just talked with the contact center, in a queue, and has been drawn."""
        now = datetime.now(UTC)
        call_id = f"{os.getpid()}-{next(self._calls)}"
        contact = EndedContact("test", call_id, now, citizen.number, queue, 1, 60, Direction.INBOUND, answered=True)
        before = set(interviews.all_ids(self.db))
        reason = self._register.admit(contact, now)
        made = set(interviews.all_ids(self.db)) - before
        assert len(made) == 1, reason
        return made.pop()

    def line(self, number: int = 1) -> AbstractContextManager["Line[bytes]"]:
        """The line process, stopped on leaving; what it says goes to `log`."""
        return self.process("line", str(number))

    def process(self, *arguments: str) -> AbstractContextManager["Line[bytes]"]:
        """One of our own commands, stopped on leaving; what it says goes to `log`."""
        return self.program("-m", "appliance", "--config", str(self.config), *arguments)

    @contextmanager
    def program(self, *arguments: str) -> Iterator["Line[bytes]"]:
        """Python with these arguments, stopped on leaving; what it says goes to `log`."""
        command = [sys.executable, *arguments]
        with self.log.open("ab") as log:
            child = subprocess.Popen(command, env=child_environment(), stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        try:
            yield child
        finally:
            child.send_signal(signal.SIGTERM)
            try:
                child.wait(20)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()

    def said(self) -> str:
        """What the line has written to its log."""
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def note(self) -> str:
        """What the line last told about itself: calls, registration."""
        return next((beat.note for beat in processes.all_beats(self.db) if beat.name == "line-1"), "")

    def interviews(self) -> list[InterviewId]:
        """All there are, those of callers too."""
        return interviews.all_ids(self.db)

    def is_over(self, interview: InterviewId) -> bool:
        return interviews.is_over(self.db, interview)

    def outcome(self, interview: InterviewId) -> Outcome | None:
        return interviews.outcome_of(self.db, interview)[1]

    def attempts(self, interview: InterviewId) -> list[Attempt]:
        """Every call that was made, in order."""
        rows = self.db.execute(
            "SELECT outcome, sip_status, rang_at FROM attempts WHERE interview_id = ? ORDER BY id", (interview,)
        )
        return [Attempt(Outcome(o) if o else None, status, bool(rang)) for o, status, rang in rows.fetchall()]

    def last_outcome(self, interview: InterviewId) -> Outcome | None:
        """Of the last call made, which may not have been the last to be made."""
        made = self.attempts(interview)
        return made[-1].outcome if made else None

    def is_picked_up(self, interview: InterviewId) -> bool:
        """The box knows that the citizen has answered the last call."""
        row = self.db.execute("SELECT answered_at FROM attempts WHERE interview_id = ? ORDER BY id DESC", (interview,))
        return bool((row.fetchone() or (None,))[0])

    def has_started(self, interview: InterviewId) -> bool:
        """Key 1 has come."""
        row = self.db.execute("SELECT started_at FROM interviews WHERE id = ?", (interview,)).fetchone()
        return row is not None and row[0] is not None

    def due_at(self, interview: InterviewId) -> datetime:
        """When it is to be rung, or was."""
        row = self.db.execute("SELECT due_at FROM interviews WHERE id = ?", (interview,)).fetchone()
        return datetime.fromisoformat(row[0])

    def rings(self, interview: InterviewId) -> int:
        return interviews.rings_of(self.db, interview)

    def answers(self, interview: InterviewId) -> str:
        """The keys in the order of the questions answered: 4441; - for a skipped one."""
        given = answers.of_interview(self.db, interview)
        in_order = [given[question] for question in QUESTIONS if question in given]
        return "".join(str(a.value or 0) if a.kind is not AnswerKind.SKIPPED else "-" for a in in_order)

    def has_comment(self, interview: InterviewId) -> bool:
        """One is kept, with a recording."""
        kept = comments.of_interview(self.db, interview)
        return kept is not None and kept.state is CommentState.RECORDED

    def close(self) -> None:
        self.db.close()


def _toml(name: str, section: dict[str, Any]) -> str:
    return "\n".join([f"[{name}]", *(f"{key} = {json.dumps(value)}" for key, value in section.items()), ""])
