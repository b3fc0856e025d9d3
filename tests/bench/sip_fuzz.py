"""Seeded mutations of SIP messages against a real line that is registered and calls: no crash, no hang, no leak.

scripts/bench sip_fuzz [--seed 1] [--count 50000] [--transport udp|tcp] [--rate 400]. The line registers with a hostile
PBX and rings it; broken replies and requests come in its own dialogs and outside any. After every hundred an OPTIONS
must be answered within a second. At the end an honest telephone takes the PBX's place, and a call must succeed. Prints
figures; on a failure the seed, and the smallest message that does it alone, or else the last ones.
"""

import argparse
import json
import random
import sys
import tempfile
import time
from collections import deque
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bench.hostile_pbx import HostilePbx
from bench.rig import Process, Rig, free_port, rig, wait_for
from bench.sip_text import Ends, header, request
from bench.smallest import smallest_that_kills
from bench.wire import TcpWire, UdpWire, Wire

from appliance.store import answers, interviews
from appliance.types import Outcome

PROBE_EVERY: Final = 100
HANG_SECONDS: Final = 1.0
SETTLE_SECONDS: Final = 36.0
"""The longest that SIP remembers a transaction (64 times T1, RFC 3261), and a little: memory is first looked at when
as many are remembered as ever will be, or after a quarter of the messages."""


@dataclass
class Figures:
    seed: int
    transport: str
    sent: int = 0
    calls: int = 0
    seconds: float = 0.0
    slowest_reply_seconds: float = 0.0
    hangs: int = 0
    rss_begin_mib: float = 0.0
    rss_most_mib: float = 0.0
    rss_end_mib: float = 0.0
    handles_begin: int = 0
    handles_end: int = 0
    exit_code: int | None = None
    call_after: str = ""

    @property
    def good(self) -> bool:
        grown = self.rss_end_mib - self.rss_begin_mib
        return self.exit_code is None and not self.hangs and self.call_after == Outcome.COMPLETED and grown < 20


class Fuzz:
    """One line under attack."""

    def __init__(self, box: Rig, seed: int, rate: float) -> None:
        self.box, self.rate = box, rate
        self.luck = random.Random(f"{seed} {box.transport}")
        self.figures = Figures(seed, box.transport)
        self.begun, self.count = 0.0, 0
        self.last: deque[bytes] = deque(maxlen=60)
        port, pbx_port = free_port(), free_port()
        self.wire: Wire = (UdpWire if box.transport == "udp" else TcpWire)(pbx_port, port)
        ends = Ends("127.0.0.1", pbx_port, port, box.transport.upper())
        self.pbx = HostilePbx(self.wire, ends, self.luck)
        self.line = box.line(1, pbx_port, port)

    def send(self, text: bytes) -> None:
        self.last.append(text)
        self.wire.send(text)

    def listen(self, seconds: float) -> list[bytes]:
        """Answer what the line asks; returns everything it said."""
        heard = self.wire.receive(seconds)
        for text in heard:
            if text.startswith(b"INVITE"):
                self.figures.calls += 1
            for reply in self.pbx.hear(text):
                self.send(reply)
        return heard

    def run(self, count: int) -> None:
        """Send so many broken messages, or fewer where the line dies."""
        self.reply_seconds(20)
        self.begun = begun = time.monotonic()
        self.count = count
        while self.figures.sent < count and self.line.alive:
            self.send(self.pbx.next_message())
            self.figures.sent += 1
            for text in self.pbx.ends_of_calls():
                self.send(text)
            self.listen(max(0.0, begun + self.figures.sent / self.rate - time.monotonic()))
            if self.figures.sent % PROBE_EVERY == 0:
                self.look()
        self.figures.seconds = round(time.monotonic() - begun, 1)

    def look(self) -> None:
        """Does it answer, how big is it, has it anyone to ring?"""
        waited = self.reply_seconds(15)
        figures = self.figures
        figures.slowest_reply_seconds = max(figures.slowest_reply_seconds, round(waited, 3))
        figures.hangs += waited > HANG_SECONDS
        if not self.line.alive:
            return
        settled = time.monotonic() - self.begun > SETTLE_SECONDS or figures.sent >= self.count / 4
        if settled and not figures.rss_begin_mib:
            figures.rss_begin_mib, figures.handles_begin = self.line.rss_mib, self.line.handles
        figures.rss_most_mib = max(figures.rss_most_mib, self.line.rss_mib)
        if self.box.waiting() < 2:
            self.box.feed(4)

    def reply_seconds(self, longest: float) -> float:
        """How long an OPTIONS takes to be answered; asked again now and then, for datagrams get lost."""
        begun = time.monotonic()
        while (waited := time.monotonic() - begun) < longest and self.line.alive:
            asked = request("OPTIONS", self.pbx.ends, random.Random(), "", "")
            try:
                (self.wire.send_afresh if isinstance(self.wire, TcpWire) else self.wire.send)(asked)
            except OSError:  # not yet up
                time.sleep(0.1)
                continue
            ask_again = time.monotonic() + 0.3
            while time.monotonic() < ask_again:
                if any(header(text, "Call-ID") == header(asked, "Call-ID") for text in self.listen(0.02)):
                    return time.monotonic() - begun
        return waited

    def finish(self, settle_seconds: float) -> None:
        """Let the dust settle, measure, and make an honest call."""
        end = time.monotonic() + settle_seconds
        while time.monotonic() < end and self.line.alive:
            self.listen(0.2)
        self.wire.close()
        self.figures.exit_code = self.line.running.poll()
        if self.line.alive:
            self.figures.rss_end_mib, self.figures.handles_end = self.line.rss_mib, self.line.handles
            self.figures.call_after = self.honest_call()
            self.figures.exit_code = self.line.running.poll()

    def honest_call(self) -> str:
        """The outcome of a call to a telephone that now stands where the hostile PBX stood."""
        self.box.forget_the_queue()
        self.box.phone(self.line.pbx_port)
        [interview] = self.box.feed(1)
        try:
            wait_for(lambda: interviews.is_over(self.box.db, interview), 45)
        except AssertionError:
            return "no call"
        whole = len(answers.of_interview(self.box.db, interview)) == 6
        return str(interviews.outcome_of(self.box.db, interview)[1]) if whole else "a key is missing"


def fuzz(box: Rig, seed: int, count: int, rate: float, settle_seconds: float = SETTLE_SECONDS) -> tuple[Figures, Fuzz]:
    attack = Fuzz(box, seed, rate)
    attack.run(count)
    attack.finish(settle_seconds)
    return attack.figures, attack


def explain(attack: Fuzz, line: Process) -> str:
    """What is needed to see a failure again."""
    smallest = smallest_that_kills(attack.box, list(attack.last)) if attack.figures.exit_code is not None else None
    shown = [smallest] if smallest else list(attack.last)[-5:]
    log = line.log.read_text(encoding="utf-8", errors="replace")[-3000:]
    what = "smallest message that kills alone" if smallest else "the last messages"
    return f"seed {attack.figures.seed}, after {attack.figures.sent}; {what}: {shown!r}\n{log}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=50_000)
    parser.add_argument("--transport", choices=("udp", "tcp"), default="udp")
    parser.add_argument("--rate", type=float, default=400)
    chosen = parser.parse_args()
    options: dict[str, Any] = {"transport": chosen.transport, "register": True}
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), **options) as box:
        figures, attack = fuzz(box, chosen.seed, chosen.count, chosen.rate)
        print(json.dumps(asdict(figures)), flush=True)
        if not figures.good:
            sys.exit(explain(attack, attack.line))


if __name__ == "__main__":
    main()
