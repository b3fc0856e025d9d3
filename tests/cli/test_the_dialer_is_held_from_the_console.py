import getpass
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from appliance.store import dialing, open_store
from appliance.store.dialing import DialingState
from appliance.store.timekeeping import HouseClock, Trust

WHO = os.environ.get("SUDO_USER") or getpass.getuser()


def efterklang(box: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "appliance", "--storage", str(box), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("deed", "state"), [("pause", DialingState.PAUSED), ("stop", DialingState.STOPPED)]
)  # fmt: skip
def test_pause_stop_and_resume(tmp_path: Path, deed: str, state: DialingState) -> None:
    done = efterklang(tmp_path, "dialer", deed, "--json")
    assert done.returncode == 0
    told = json.loads(done.stdout)
    assert (told["state"], told["changed_by"]) == (state, WHO)
    again = efterklang(tmp_path, "dialer", deed, "--json")
    assert "already" in again.stderr
    assert json.loads(again.stdout)["since"] == told["since"]
    efterklang(tmp_path, "dialer", "resume")
    assert dialing.current(open_store(tmp_path)).state is DialingState.RUNNING


def test_a_pause_is_no_way_out_of_a_stop(tmp_path: Path) -> None:
    efterklang(tmp_path, "dialer", "stop")
    done = efterklang(tmp_path, "dialer", "pause", "--json")
    assert "it was stopped already; nothing was done" in done.stderr
    assert json.loads(done.stdout)["state"] == DialingState.STOPPED


def test_status_says_it_all(tmp_path: Path) -> None:
    told = json.loads(efterklang(tmp_path, "dialer", "status", "--json").stdout)
    assert told == {
        "state": "running", "since": None, "changed_by": "", "live_calls": 0, "waiting": 0, "due_now": 0,
        "next_due": None, "promised": 0, "attempts_today": {}, "trunk": "well", "hours": "open", "opens": None,
        "clock": "kept",
    }  # fmt: skip
    in_words = efterklang(tmp_path, "dialer", "status").stdout
    assert "state: running\n" in in_words
    assert "next due: -\n" in in_words


def test_staff_s_own_call_is_refused_in_one_line_while_all_calls_are_stopped(tmp_path: Path) -> None:
    efterklang(tmp_path, "dialer", "stop")
    done = efterklang(tmp_path, "dial", "070-174 06 05")
    assert done.returncode == 2
    assert f"{WHO} has stopped all calls; run: efterklang dialer resume" in done.stderr
    assert open_store(tmp_path)["interviews"].count == 0  # type: ignore[union-attr]


def test_the_clock_can_be_confirmed(tmp_path: Path) -> None:
    done = efterklang(tmp_path, "dialer", "trust-clock")
    assert done.returncode == 0
    assert "calls begin in 10 minutes" in done.stdout
    assert HouseClock(open_store(tmp_path)).trust() is Trust.SETTLING
