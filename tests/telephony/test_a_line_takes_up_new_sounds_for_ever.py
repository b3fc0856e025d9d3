"""Its players are given up when a newer file comes, also while nobody is called: what they held must come free."""

import json
import subprocess
import sys
from pathlib import Path

PHONE = Path(__file__).parent / "renewed_phone.py"


def test_a_hundred_files_without_a_call(tmp_path: Path) -> None:
    run = [sys.executable, PHONE, tmp_path, "100"]
    told = json.loads(subprocess.run(run, capture_output=True, text=True, timeout=120, check=True).stdout)
    assert told["failed"] == 0
    assert told["after"] <= told["before"]
    assert (told["new"], told["full"], told["later"]) == (True, False, True), "nobody is rung who would hear nothing"
