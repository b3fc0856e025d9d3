"""Staff's own call keeps the trunk's limit: it waits, and says so once."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from made_up import MadeUp

from appliance.signals import child_environment
from appliance.store import interviews

CONFIGURATION = """
[sip]
registrar = "sip:127.0.0.1:9"
register = false
local_address = "127.0.0.1"
caller_id = "031-390 06 00"
trunk_calls = 1
"""


def test_a_full_trunk_is_one_line_and_nobody_is_rung(tmp_path: Path) -> None:
    configuration = tmp_path / "efterklang.toml"
    configuration.write_text(CONFIGURATION, encoding="utf-8")
    box = MadeUp(tmp_path / "box")
    now = datetime.now(UTC)
    live = box.live(now)
    interviews.renew_leases(box.db, "line-1", [live.interview_id], now + timedelta(hours=1))
    command = [sys.executable, "-m", "appliance", "--config", str(configuration), "--storage", str(box.directory)]
    said = tmp_path / "said"
    with (
        said.open("wb") as stderr,
        subprocess.Popen([*command, "dial", "070-174 06 99"], stderr=stderr, env=child_environment()) as dial,
    ):
        try:
            end = time.monotonic() + 60
            while b"the call waits" not in said.read_bytes() and time.monotonic() < end:
                time.sleep(0.1)
            time.sleep(2)
        finally:
            dial.terminate()
        dial.wait(30)
    lines = [line for line in said.read_text(encoding="utf-8").splitlines() if "waits" in line]
    assert lines == ["efterklang: the call waits: all calls that the trunk allows are in use"]
    assert box.db.execute("SELECT count(*) FROM attempts").fetchone()[0] == 1
    box.db.close()
