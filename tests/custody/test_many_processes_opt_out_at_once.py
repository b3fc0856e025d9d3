"""Processes that block numbers at the same time and are killed: what one of them has said it kept, every box knows."""

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from made_up import MadeUp

from appliance.custody import opt_outs
from appliance.custody.ledger import ledger_path, open_ledger
from appliance.store import database_path
from appliance.store.integrity import faults
from appliance.store.opt_outs import contains, every
from appliance.types import NumberHash

BLOCKS_AND_SAYS_SO = """
import sys
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from appliance.custody import opt_outs
db, keys = opt_outs.open_box(Path(sys.argv[1]), datetime.now(UTC))
for number in range(10_000):
    number_hash = sha256(f"{sys.argv[2]} {number}".encode()).digest()
    opt_outs.add(db, keys, number_hash, "call", datetime.now(UTC))
    print(number_hash.hex(), flush=True)
"""


@pytest.mark.parametrize("rounds", [2, pytest.param(25, marks=pytest.mark.slow)])
def test_nothing_that_was_acknowledged_is_lost(box: MadeUp, tmp_path: Path, rounds: int) -> None:
    luck = random.Random(rounds)
    acknowledged: set[str] = set()
    for turn in range(rounds):
        outputs = [tmp_path / f"{turn}-{worker}" for worker in range(4)]
        workers = []
        try:
            for worker, output in enumerate(outputs):
                with output.open("wb") as file:
                    command = [sys.executable, "-c", BLOCKS_AND_SAYS_SO, str(box.directory), f"{turn} {worker}"]
                    workers.append(subprocess.Popen(command, stdout=file))
            _wait_until_all_work(outputs)
            for process in workers:
                time.sleep(luck.uniform(0, 0.1))
                process.kill()
        finally:
            for process in workers:
                process.kill()
                process.wait()
        for output in outputs:
            acknowledged |= {line for line in output.read_text().splitlines() if len(line) == 64}
    box.db.close()
    box.db, box.keys = opt_outs.open_box(box.directory, box.now)
    assert faults(box.db) == []
    assert all(contains(box.db, NumberHash(bytes.fromhex(number))) for number in acknowledged)
    known = {change.number_hash for change in every(box.db)}
    ledger = open_ledger(ledger_path(box.directory), box.keys)
    assert {change.number_hash for change, _ in ledger.read(ledger.head_bytes) if change} == known
    box.db.close()
    for path in box.directory.glob(f"{database_path(box.directory).name}*"):
        path.unlink()
    box.db, box.keys = opt_outs.open_box(box.directory, box.now)
    assert {change.number_hash for change in every(box.db)} == known


def _wait_until_all_work(outputs: list[Path]) -> None:
    end = time.monotonic() + 60
    while not all(path.stat().st_size > 5 * 65 for path in outputs):
        assert time.monotonic() < end, "they did not begin"
        time.sleep(0.02)
