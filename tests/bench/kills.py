"""Lines are killed at random moments of up to twenty simultaneous calls: what was acknowledged stands.

scripts/bench kills [--kills 200] [--seed 1] [--lines 5] [--calls 4] [--minutes 9]. With the built wheel --lines 1
--calls 20 puts all calls into one process. Prints figures; exit code 1 where an answer was lost or doubled,
somebody was rung twice, or the database is not sound.
"""

import argparse
import json
import random
import signal
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

from bench.crowd import Crowd, crowd
from bench.rig import rig

from appliance.store import answers, interviews
from appliance.store.integrity import faults

FULL_SECONDS = 12.0
"""A line that has been killed gets this long to be at full load again."""


@dataclass
class Figures:
    seed: int
    kills: int = 0
    simultaneous_calls: float = 0.0
    """Mean at the moment of a kill."""
    calls_cut_off: int = 0
    answers_acknowledged: int = 0
    answers_lost: int = 0
    answers_changed: int = 0
    rung_twice: int = 0
    without_outcome: int = 0
    faults: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def good(self) -> bool:
        bad = self.answers_lost + self.answers_changed + self.rung_twice + self.without_outcome + self.faults
        return self.kills > 0 and bad == 0


def kill_one(
    town: Crowd, luck: random.Random, figures: Figures, acknowledged: dict[int, dict[str, answers.Answer]]
) -> None:
    """Kill a line that has calls, write down what it had acknowledged, and start it again."""
    number = luck.choice(list(town.lines))
    live = len(town.box.live())
    line = town.lines[number]
    line.running.send_signal(signal.SIGKILL)
    line.running.wait()
    cut_off = town.box.live(f"line-{number}")
    for interview, given in town.answers_of(cut_off).items():
        acknowledged[interview] = given
        figures.answers_acknowledged += len(given)
    figures.kills += 1
    figures.calls_cut_off += len(cut_off)
    figures.simultaneous_calls += live
    town.lines[number] = town.box.line(number, line.pbx_port)


def settle(town: Crowd, seconds: float) -> None:
    """Nobody new is rung; the last calls come to their ends."""
    town.box.forget_the_queue()
    end = time.monotonic() + seconds
    while town.box.live() and time.monotonic() < end:
        time.sleep(0.2)


def judge(town: Crowd, figures: Figures, acknowledged: dict[int, dict[str, answers.Answer]]) -> None:
    for interview, before in acknowledged.items():
        after = answers.of_interview(town.box.db, interview)  # type: ignore[arg-type]
        figures.answers_lost += len(before.keys() - after.keys())
        figures.answers_changed += sum(after.get(question, answer) != answer for question, answer in before.items())
    figures.rung_twice = town.rung_too_often()
    figures.rung_twice += sum(interviews.rings_of(town.box.db, interview) > 1 for interview in town.fed)
    figures.without_outcome = len(town.box.live())
    figures.faults = len(faults(town.box.db))
    figures.outcomes = dict(town.box.outcomes())
    figures.simultaneous_calls = round(figures.simultaneous_calls / max(1, figures.kills), 1)


def run(town: Crowd, seed: int, kills: int, seconds: float) -> Figures:
    """Kill until it is enough, or the time is up."""
    luck, figures = random.Random(seed), Figures(seed)
    acknowledged: dict[int, dict[str, answers.Answer]] = {}
    begun = time.monotonic()
    while figures.kills < kills and time.monotonic() - begun < seconds:
        full_by = time.monotonic() + FULL_SECONDS
        while len(town.box.live()) < town.places and time.monotonic() < full_by:
            town.feed()
            time.sleep(0.1)
        time.sleep(luck.uniform(0, 1.2))
        kill_one(town, luck, figures, acknowledged)
    settle(town, 90)
    judge(town, figures, acknowledged)
    figures.seconds = round(time.monotonic() - begun, 1)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lines", type=int, default=5)
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--minutes", type=float, default=9)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), calls=chosen.calls) as box:
        town = crowd(box, chosen.lines, 1.5, speaks=True)
        figures = run(town, chosen.seed, chosen.kills, chosen.minutes * 60)
        print(json.dumps(asdict(figures)))
    sys.exit(not figures.good)


if __name__ == "__main__":
    main()
