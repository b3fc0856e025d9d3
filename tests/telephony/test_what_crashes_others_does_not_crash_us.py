"""The crash patterns that other users of pjsua2 have met, on real SIP and RTP between two processes."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from bench.rig import free_port

LIFE = Path(__file__).parent / "hard_life.py"
TESTS = Path(__file__).parents[1]


def lived(folder: Path, deed: str, times: int, seconds: float = 120) -> dict[str, int]:
    """Both sides live through it and end in order; what the caller counted."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(TESTS), os.environ.get("PYTHONPATH", "")])}
    common = [str(free_port()), str(folder), deed]
    with subprocess.Popen([sys.executable, LIFE, "callee", *common], env=environment) as callee:
        try:
            while not (folder / "ready").exists():
                assert callee.poll() is None
                time.sleep(0.05)
            command = [sys.executable, LIFE, "caller", *common, str(times)]
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=seconds, check=False, env=environment
            )
        finally:
            (folder / "stop").touch()
        assert (done.returncode, done.stderr) == (0, "")
        assert callee.wait(20) == 0
    assert (folder / "left").read_text() == "0"
    figures: dict[str, int] = json.loads(done.stdout)
    return figures


def test_prompts_are_begun_and_cut_off_at_any_moment(tmp_path: Path) -> None:
    assert lived(tmp_path, "plays", 500) == {"connected": 3, "lost": 0}


@pytest.mark.slow
def test_ten_thousand_prompts_are_played_by_the_same_players(tmp_path: Path) -> None:
    assert lived(tmp_path, "plays", 10_000, 500) == {"connected": 3, "lost": 0}


def test_each_call_dies_with_its_end(tmp_path: Path) -> None:
    assert lived(tmp_path, "lives", 12) == {"ended": 12, "outlived": 0, "collector": 0}


def test_keys_that_come_at_once_and_a_hang_up_in_the_middle_of_one(tmp_path: Path) -> None:
    assert lived(tmp_path, "keys", 15) == {"ended": 15, "left": 0}


def test_a_callback_that_fails_costs_its_own_call_only(tmp_path: Path) -> None:
    assert lived(tmp_path, "trips", 3) == {"refused": 3, "connected": 1}


@pytest.mark.parametrize("times", [4, pytest.param(60, marks=pytest.mark.slow)])
def test_new_files_are_loaded_under_live_calls(tmp_path: Path, times: int) -> None:
    figures = lived(tmp_path, "loads", times, 200)
    assert figures.pop("slowest_ms") < 100, "the loop must not stand still"
    # the free slot has the newest alone; the calls of the last three rounds have what has come since they began
    assert figures.pop("players") <= 1 + 2 + 3 + 4
    assert figures == {"connected": 3, "ended": times, "retired": 0}
