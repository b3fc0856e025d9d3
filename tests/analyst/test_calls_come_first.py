import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace

import pytest
from made_up import NOW, MadeUp
from spoken import Speak

from appliance.analyst import modesty
from appliance.analyst.hearing import Bench, work_once
from appliance.speech.engine import Engine
from appliance.speech.transcript import Heard, Piece
from appliance.store import interviews
from appliance.types import Outcome

PROGRAM = """
import os, numpy
from pathlib import Path
from threading import Event, Thread
from appliance.analyst.modesty import step_back
early = Thread(target=Event().wait, daemon=True)
early.start()
step_back(is_idle={is_idle})
late = Thread(target=Event().wait, daemon=True)
late.start()
threads = [int(path.name) for path in Path("/proc/self/task").iterdir()]
print(len(threads) >= 3, *sorted({{(os.sched_getscheduler(t), os.getpriority(os.PRIO_PROCESS, t)) for t in threads}}))
"""


class Watched:
    """Nobody speaks; what it was told is kept."""

    longest_seconds = 27.0
    is_modest = False

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        return []


@pytest.mark.parametrize(
    ("is_idle", "expected"),
    [(True, f"True ({os.SCHED_IDLE}, {{}})"), (False, f"True ({os.SCHED_OTHER}, {modesty._NICENESS})")],
)
def test_every_thread_of_the_analyst_steps_back(is_idle: bool, expected: str) -> None:
    if not is_idle and os.getpriority(os.PRIO_PROCESS, 0) > modesty._NICENESS and os.geteuid() != 0:
        pytest.skip("runs nicer than the analyst would be, and only root may take that back")
    program = PROGRAM.format(is_idle=is_idle)
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == expected.format(os.getpriority(os.PRIO_PROCESS, 0))


def test_one_core_has_to_do_while_calls_are_live(box: MadeUp, bench: Bench, speak: Speak) -> None:
    watched = Watched()
    bench = replace(bench, engine=Engine("watched", "", ("sv",), watched))
    seen = []
    live = box.live(NOW)
    for _ in range(2):
        speak(bytes(16_000))
        assert work_once(bench)
        seen.append(watched.is_modest)
        interviews.close(box.db, live.interview_id, Outcome.PARTIAL, NOW)
    assert seen == [True, False]
