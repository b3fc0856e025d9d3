"""Unwanted requests at 1 000 a second while calls are live: what it costs, and whether a key or a packet is lost.

scripts/bench sip_flood [--source 127.0.0.66] [--live 3] [--rate 1000] [--seconds 60]. The lines' own limit is 4 calls:
with 3 live ones an INVITE finds a free place, with 4 it finds none.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bench.rig import Process, Rig, rig, wait_for

from appliance.store import answers, interviews
from appliance.types import InterviewId, Outcome

FLOOD = Path(__file__).parent / "flood.py"


class Steady:
    """Keeps so many calls live on one line."""

    def __init__(self, box: Rig, line: Process, phone: Process, live: int) -> None:
        self.box, self.line, self.phone, self.live = box, line, phone, live
        self.fed: list[InterviewId] = []

    def going_on(self) -> list[InterviewId]:
        return [interview for interview in self.fed if not interviews.is_over(self.box.db, interview)]

    def work(self, seconds: float) -> float:
        """Let time pass; returns the share of one core that the line used."""
        begun, cpu = time.monotonic(), self.line.cpu_seconds
        while time.monotonic() - begun < seconds:
            if missing := self.live - len(self.going_on()):
                self.fed += self.box.feed(missing)
            time.sleep(0.2)
        return (self.line.cpu_seconds - cpu) / (time.monotonic() - begun)

    def whole(self, these: Iterable[InterviewId]) -> int:
        """How many of the interviews are completed with every key."""
        return sum(
            interviews.outcome_of(self.box.db, interview)[1] is Outcome.COMPLETED
            and len(answers.of_interview(self.box.db, interview)) == 6
            for interview in these
        )


def loss_of(deeds: list[dict[str, Any]]) -> float:
    """Share of the RTP packets lost, both ways together."""
    received, lost_here, sent, lost_there = map(sum, zip(*(row["packets"] for row in deeds), strict=True))
    return float(lost_here + lost_there) / max(1, received + lost_here + sent)


def measure(box: Rig, source: str, live: int, rate: float, seconds: float) -> dict[str, Any]:
    """The same calls without and with the flood."""
    phone = box.phone()
    line = box.line(1, phone.port)
    time.sleep(2)
    steady = Steady(box, line, phone, live)
    quiet_cpu = steady.work(max(15, seconds / 3))
    calm = len(box.deeds(phone))
    path = os.pathsep.join(sys.path)
    command = [sys.executable, str(FLOOD), source, str(line.port), str(rate), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}) as flood:
        flood_cpu = steady.work(seconds)
        sent = int(flood.communicate()[0])
    box.forget_the_queue()
    wait_for(lambda: not box.live(), 60, "calls do not end after the flood")
    time.sleep(1)
    deeds = box.deeds(phone)
    return {
        "source": source,
        "sent": sent,
        "live": live,
        "outcomes": dict(box.outcomes()),
        "line_alive": line.alive,
        "calls_with_every_key": steady.whole(steady.fed),
        "core_share_quiet": round(quiet_cpu, 3),
        "core_share_flood": round(flood_cpu, 3),
        "loss_quiet": round(loss_of(deeds[:calm]), 5),
        "loss_flood": round(loss_of(deeds[calm:]), 5),
        "rss_mib": round(line.rss_mib, 1),
        "stopped_with": line.stop(),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", default="127.0.0.66")
    parser.add_argument("--live", type=int, default=3)
    parser.add_argument("--rate", type=float, default=1000)
    parser.add_argument("--seconds", type=float, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder)) as box:
        print(json.dumps(measure(box, chosen.source, chosen.live, chosen.rate, chosen.seconds)))


if __name__ == "__main__":
    main()
