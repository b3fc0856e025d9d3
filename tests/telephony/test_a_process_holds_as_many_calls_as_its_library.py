import json
import subprocess
import sys
from pathlib import Path

import pytest

FULL_PHONE = Path(__file__).parent / "full_phone.py"


@pytest.fixture(scope="module")
def limit() -> int:
    command = [sys.executable, "-W", "ignore", "-m", "appliance.telephony.library"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30)
    return int(json.loads(done.stdout)["max_calls"])


@pytest.mark.parametrize("asked", [1, 4, 64])
def test_it_holds_what_the_settings_ask_for_up_to_what_was_compiled_in(tmp_path: Path, limit: int, asked: int) -> None:
    command = [sys.executable, "-W", "ignore", FULL_PHONE, tmp_path, str(asked)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    calls = min(asked, limit)
    said = json.loads(done.stdout)
    full = f"all {calls} calls of this process are in use"
    assert (said["holds"], said["placed"], said["full"]) == (calls, calls, full)
    # Hung up, each is over for us; but the PBX, which says nothing, has confirmed none, and PJSIP holds them all.
    assert (said["ended"], said["more"], said["still_full"]) == (calls, 0, full)
    told = f"sip.calls_per_process is {asked}, this pjsua2 holds {limit}\n"
    assert done.stderr == (told if asked > limit else "")
