"""PJSIP gives the id of an ended call to the next one; a Call that outlives its end would hang that one up."""

import json
import socket
import subprocess
import sys
import time
from pathlib import Path

PHONES = Path(__file__).parent / "two_phones.py"


def test_a_call_that_begins_as_another_ends_is_left_alone(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    with subprocess.Popen([sys.executable, PHONES, "callee", port, tmp_path]) as callee:
        try:
            while not (tmp_path / "ready").exists():
                assert callee.poll() is None
                time.sleep(0.05)
            caller = [sys.executable, PHONES, "caller", port, tmp_path, "40"]
            done = subprocess.run(caller, capture_output=True, text=True, timeout=120, check=True)
        finally:
            (tmp_path / "stop").touch()
        assert callee.wait(20) == 0
    assert json.loads(done.stdout) == {"connected": 43, "lost": 0}
    assert (tmp_path / "left").read_text() == "0"
