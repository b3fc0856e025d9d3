"""Full load for a long time: is memory flat, are file handles flat, is any channel stuck at the end?

scripts/bench soak [--minutes 120] [--lines 2] [--calls 4] [--every 60]. Each sample is a line of JSON; the last one
sums up, with the slope of each line's memory (least squares, the first fifth left out). Exit code 1 where a channel is
stuck, a call lost a key, or a line was restarted or grew.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import numpy as np
from bench.crowd import Crowd, crowd
from bench.kills import settle
from bench.rig import Process, rig

from appliance.store import answers, interviews
from appliance.types import Outcome

WARM_UP_SHARE: Final = 0.2
MOST_MIB_AN_HOUR: Final = 1.0


def sample(town: Crowd, begun: float) -> dict[str, Any]:
    lines = list(town.lines.values())
    return {
        "minutes": round((time.monotonic() - begun) / 60, 2),
        "rss_mib": [round(line.rss_mib, 2) for line in lines],
        "handles": [line.handles for line in lines],
        "threads": [threads_of(line) for line in lines],
        "live": len(town.box.live()),
        "outcomes": dict(town.box.outcomes()),
    }


def threads_of(line: Process) -> int:
    return len(list(Path(f"/proc/{line.running.pid}/task").iterdir()))


def slope_mib_an_hour(samples: list[dict[str, Any]], line: int) -> float:
    """Of one line's memory; 0 while there is too little to see."""
    settled = samples[int(len(samples) * WARM_UP_SHARE) :]
    if len(settled) < 3:
        return 0.0
    hours = np.array([row["minutes"] / 60 for row in settled])
    return float(np.polyfit(hours, np.array([row["rss_mib"][line] for row in settled]), 1)[0])


def summary(town: Crowd, samples: list[dict[str, Any]]) -> dict[str, Any]:
    completed = [i for i in town.fed if interviews.outcome_of(town.box.db, i)[1] is Outcome.COMPLETED]
    return {
        "minutes": samples[-1]["minutes"],
        "calls": sum(town.box.outcomes().values()),
        "completed": len(completed),
        "completed_without_every_key": sum(len(answers.of_interview(town.box.db, i)) != 6 for i in completed),
        "comments": town.box.db["comments"].count,  # type: ignore[union-attr]
        "mean_live": round(sum(row["live"] for row in samples) / len(samples), 1),
        "mib_an_hour": [round(slope_mib_an_hour(samples, line), 2) for line in range(len(town.lines))],
        "handles": [samples[len(samples) // 5]["handles"], samples[-1]["handles"]],
        "stuck_interviews": len(town.box.live()),
        "stuck_calls": [line.handles for line in town.lines.values()],
        "lines_alive": all(line.alive for line in town.lines.values()),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--lines", type=int, default=2)
    parser.add_argument("--calls", type=int, default=4)
    parser.add_argument("--every", type=float, default=60)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, rig(Path(folder), calls=chosen.calls) as box:
        town = crowd(box, chosen.lines, 2.0, speaks=True)
        begun, samples, next_sample = time.monotonic(), [], 0.0
        time.sleep(3)
        idle_handles = [line.handles for line in town.lines.values()]
        while (passed := time.monotonic() - begun) < chosen.minutes * 60 and all(p.alive for p in town.lines.values()):
            town.feed()
            if passed >= next_sample:
                next_sample += chosen.every
                samples.append(sample(town, begun))
                print(json.dumps(samples[-1]), flush=True)
            time.sleep(0.25)
        settle(town, 120)
        time.sleep(3)
        result = {**summary(town, samples), "handles_idle": idle_handles}
        print(json.dumps(result))
        good = result["lines_alive"] and not result["stuck_interviews"] and not result["completed_without_every_key"]
        sys.exit(not (good and all(slope < MOST_MIB_AN_HOUR for slope in result["mib_an_hour"])))


if __name__ == "__main__":
    main()
