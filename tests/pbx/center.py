"""A contact center at work on the exchange: its agents' telephones, callers from outside, the box that listens in."""

import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from pbx.asterisk import Asterisk
from pbx.baresip import Baresip
from pbx.box import Box, wait_until
from pbx.contact_center import AGENT, AMI_PASSWORD, AMI_USER, COLLEAGUE
from pbx.sipp import Sipp

from appliance.store import intake_sources
from appliance.store.intake_sources import SourceState
from appliance.types import DrawReason

_HIDDEN = "P-Asserted-Identity: <sip:{number}@exempel.invalid>\r\nPrivacy: id\r\n"


@dataclass(frozen=True, slots=True)
class Told:
    """A contact on record."""

    queue: str
    reason: DrawReason
    answered: bool
    wait_seconds: int
    talk_seconds: int


class Center:
    """The first agent answers by itself, and so does the colleague."""

    def __init__(self, folder: Path, exchange: Asterisk, box: Box, agent: Baresip, colleague: Baresip) -> None:
        self.exchange = exchange
        self.box = box
        self.agent = agent
        self.colleague = colleague
        self._folder = folder
        self._number = count()

    @contextmanager
    def caller(self, number: str, asked: str, seconds: float, *, hides: bool = False) -> Iterator[Sipp]:
        """Rings, is answered, and hangs up so long after that, unless the other end does."""
        self._wait_for_free_agents()
        folder = self._folder / f"caller-{next(self._number)}"
        identity = _HIDDEN.format(number=number) if hides else ""
        talks = str(round(seconds * 1000))
        keys = {"caller": number, "asked": asked, "talks": talks, "identity": identity}
        with Sipp(folder, "calls", at=self.exchange.ports.udp, **keys) as caller:
            yield caller

    def call(self, number: str, asked: str, seconds: float, *, hides: bool = False) -> None:
        """A whole call, to its end."""
        with self.caller(number, asked, seconds, hides=hides) as caller:
            caller.wait(seconds + 40)

    @contextmanager
    def on_a_break(self, extension: str) -> Iterator[None]:
        """No queue rings this agent for a while."""
        self.exchange.cli(f"queue pause member PJSIP/{extension}")
        try:
            yield
        finally:
            self.exchange.cli(f"queue unpause member PJSIP/{extension}")

    def answered(self, phone: Baresip, before: int) -> None:
        """Until a telephone has answered once more; `before`: calls it had answered."""
        phone.wait_for("Call established", 60, before + 1)

    def _wait_for_free_agents(self) -> None:
        """An agent whom the exchange still holds for busy would be rung by no queue."""
        wait_until(
            lambda: self.exchange.cli("queue show").count("Not in use") == len((AGENT, COLLEAGUE)),
            60,
            "an agent is busy",
        )

    def told(self) -> list[Told]:
        """Every contact that Asterisk has told the box of, in order."""
        rows = self.box.db.execute(
            "SELECT queue, reason, answered, wait_seconds, talk_seconds FROM contacts WHERE source = 'ami' ORDER BY id"
        )
        return [Told(queue, DrawReason(reason), bool(answered), *rest) for queue, reason, answered, *rest in rows]

    def next_told(self, before: int, contacts: int = 1) -> list[Told]:
        """The contacts after the first `before`, once there are so many, and surely no more."""
        wait_until(lambda: len(self.told()) >= before + contacts, 15, "the box has not been told")
        time.sleep(2.5)
        return self.told()[before:]

    def state(self) -> SourceState | None:
        return next((source.state for source in intake_sources.all_sources(self.box.db) if source.name == "ami"), None)

    def wait_until_connected(self, seconds: float = 20) -> None:
        wait_until(lambda: self.state() is SourceState.CONNECTED, seconds, f"not connected: {self.box.said()[-800:]}")


def ami_keys(folder: Path, exchange: Asterisk, *, tls: bool = False, password: str = AMI_PASSWORD) -> dict[str, Any]:
    """Keys of [intake.ami]."""
    folder.mkdir(parents=True, exist_ok=True)
    secret = folder / "ami-password"
    secret.write_text(password, encoding="utf-8")
    port = exchange.ports.ami_tls if tls else exchange.ports.ami
    keys: dict[str, Any] = {"address": f"127.0.0.1:{port}", "user": AMI_USER, "password_file": str(secret), "tls": tls}
    return keys | ({"ca_file": str(exchange.authority.write(folder / "ami-ca.pem"))} if tls else {})


@contextmanager
def center(folder: Path, exchange: Asterisk, **options: Any) -> Iterator[Center]:
    """Both agents at their telephones, and the box's intake listening, or the whole box; `options` are the box's."""
    tls, command = options.pop("tls", False), "run" if options.pop("whole_box", False) else "intake"
    box = Box(folder / "center", exchange, ami=ami_keys(folder, exchange, tls=tls), **options)
    with ExitStack() as stack:
        stack.callback(box.close)
        agent = stack.enter_context(Baresip(folder / "agent", exchange.ports.udp, user=AGENT))
        colleague = stack.enter_context(Baresip(folder / "colleague", exchange.ports.udp, user=COLLEAGUE))
        stack.enter_context(box.process(command))
        made = Center(folder, exchange, box, agent, colleague)
        made.wait_until_connected()
        yield made
