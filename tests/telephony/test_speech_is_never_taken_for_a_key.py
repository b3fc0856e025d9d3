"""The voices of this project, each at another level and speed; `tests/bench/talk_off.py` plays ten hours and more."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from telephony.line_sound import key_tone

from appliance.sound import write_wav

RUNNER = Path(__file__).parents[1] / "bench" / "talk_off.py"


def talk_off(*arguments: str) -> tuple[int, dict[str, object]]:
    done = subprocess.run(
        [sys.executable, str(RUNNER), *arguments], capture_output=True, text=True, check=False,
        env={"PYTHONPATH": ":".join(sys.path)},
    )  # fmt: skip
    return done.returncode, json.loads(done.stdout)


def test_no_key_is_heard_in_the_project_s_own_voices() -> None:
    code, figures = talk_off("--hours", "0.5")
    assert figures["keys"] == []
    assert code == 0
    assert float(str(figures["hours"])) >= 0.5


@pytest.mark.slow
def test_no_key_is_heard_in_ten_hours_of_them() -> None:
    code, figures = talk_off("--hours", "10", "--seed", "2")
    assert (code, figures["keys"]) == (0, [])


def test_the_runner_would_tell_of_a_key(tmp_path: Path) -> None:
    write_wav(tmp_path / "key.wav", np.asarray(key_tone("5", 0.2), dtype=np.float32))
    code, figures = talk_off("--hours", "0.001", str(tmp_path))
    assert code == 1
    assert figures["false_keys"]
