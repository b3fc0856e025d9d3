"""Keys, by RFC 4733 or as tones, over a line that loses packets: how many arrive, each once and in order?

Run as root: scripts/bench keys [--by sipp|tones|asterisk] [--keys 10000] [--loss 5] [--processes 4] [--calls 4].
Phones that are not ours press the keys for 60 to 200 ms, ours write them down. Prints one JSON line; exit 1 where fewer
than 99.5 % are right.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import jiwer
from bench import lossy, pressers
from bench.pressers import Phones
from pbx.asterisk import missing

from appliance.signals import child_environment

LEAST_RIGHT: Final = 0.995
_LISTENER: Final = Path(__file__).parent / "key_listener.py"
_BY: Final[dict[str, pressers.Pressers]] = {
    "sipp": pressers.sipp,
    "tones": pressers.tones,
    "asterisk": pressers.asterisk,
}


def listen(rung: list[Phones], calls: int) -> dict[str, str]:
    """What was heard from each number; a process for each port."""
    with tempfile.TemporaryDirectory() as folder:
        running = []
        try:
            for phones in rung:
                where = [str(phones.port), folder, str(calls), str(phones.seconds)]
                command = [sys.executable, str(_LISTENER), *where, *phones.pressed]
                running.append(subprocess.Popen(command, stdout=subprocess.PIPE, env=child_environment()))
            said = [listener.communicate()[0] for listener in running]
        finally:
            for listener in running:
                listener.kill()
    return {number: keys for heard in said for number, keys in json.loads(heard).items()}


def measure(asked: argparse.Namespace) -> dict[str, Any]:
    """The figures; to be called where the loss already is."""
    begun = time.monotonic()
    with _BY[asked.by](asked.keys, asked.processes, asked.calls, random.Random(asked.seed)) as rung:
        heard = listen(rung, asked.calls)
    pressed = {number: keys for phones in rung for number, keys in phones.pressed.items()}
    compared = jiwer.process_characters(list(pressed.values()), [heard[number] for number in pressed])
    keys = sum(map(len, pressed.values()))
    wrong = compared.substitutions + compared.deletions + compared.insertions
    return {
        "by": asked.by,
        "keys": keys,
        "loss_percent": asked.loss,
        "right": round(1 - wrong / keys, 5),
        "lost": compared.deletions,
        "added": compared.insertions,
        "changed": compared.substitutions,
        "calls": len(pressed),
        "at_a_time": asked.processes * asked.calls,
        "seconds": round(time.monotonic() - begun),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--by", choices=sorted(_BY), default="sipp")
    options.add_argument("--keys", type=int, default=10_000)
    options.add_argument("--loss", type=float, default=5.0, help="percent of all packets")
    options.add_argument("--processes", type=int, default=4)
    options.add_argument("--calls", type=int, default=4, help="at a time in each process")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--within", action="store_true", help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.within:
        figures = measure(asked)
        print(json.dumps(figures))
        sys.exit(figures["right"] < LEAST_RIGHT)
    if why := lossy.missing() or missing("22") if asked.by == "asterisk" else lossy.missing("sipp"):
        sys.exit(f"keys: {why}")
    again = [sys.executable, "-W", "ignore", str(Path(__file__)), *sys.argv[1:], "--within"]
    sys.exit(subprocess.run(lossy.within(again, asked.loss), check=False).returncode)


if __name__ == "__main__":
    main()
