"""A line that loses one packet in twenty; `scripts/bench keys` does the same ten thousand times."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from bench import lossy

BENCH = Path(__file__).parents[1] / "bench" / "keys.py"


@pytest.mark.slow
def test_of_400_keys_none_is_lost_and_none_is_doubled() -> None:
    if why := lossy.missing("sipp"):
        pytest.skip(why)
    choices = ["--keys", "400", "--processes", "2", "--loss", "5"]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", str(BENCH), *choices], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    figures = json.loads(done.stdout)
    assert (figures["lost"], figures["added"], figures["changed"]) == (0, 0, 0)
