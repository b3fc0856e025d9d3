"""Real SIP calls, real keys, real speech, real models; the command checks the box against the citizens."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from appliance.catalog import find_model
from appliance.errors import ModelError
from appliance.settings import Settings


@pytest.fixture(autouse=True)
def _models() -> None:
    try:
        find_model("whisper-base", Settings())
    except ModelError:
        pytest.skip("needs the speech model; run: scripts/setup")


def practise(calls: int, folder: Path) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "appliance", "practice", "--calls", str(calls), "--json"]
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=False)
    return done.returncode, json.loads(done.stdout)


def test_four_calls_have_the_right_answers_outcomes_and_comments(tmp_path: Path) -> None:
    code, result = practise(4, tmp_path)
    assert result["differences"] == []
    assert code == 0
    assert result["outcomes"] == {"completed": 3, "opted_out": 1}
    assert result["answers_expected"] == result["answers_right"] == 18
    assert result["comments_expected"] == result["comments_transcribed"] == 3
    assert result["word_error_rate"] < 0.5
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_forty_calls_meet_every_kind_of_citizen(tmp_path: Path) -> None:
    code, result = practise(40, tmp_path)
    assert result["differences"] == []
    assert code == 0
    assert set(result["outcomes"]) == {
        *("busy", "completed", "later", "no_answer", "no_start", "opted_out", "partial", "voicemail"),
    }
