"""An analyst with a long backlog beside the calls: as it is, or as it was before it learnt to give way."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import cycle, islice
from typing import Final

from made_up import MadeUp
from pbx.box import Box, wait_until
from pbx.citizens import COMMENTS

from appliance.custody.recordings import encrypt_recording
from appliance.sound import CALL_RATE_HZ, read_wav
from appliance.store import comment_queue, comments

MANNERS: Final = ("modest", "nice")
_AS_BEFORE: Final = """
import sys
from appliance.analyst import hearing, worker
from appliance.analyst.modesty import step_back
from appliance.cli import main
worker.step_back = lambda **_: step_back(is_idle=False)
hearing.live_calls = lambda *_: 0
main()
"""
"""Nice by ten, on every core."""


@contextmanager
def chewing(box: Box, manners: str, backlog: int) -> Iterator[None]:
    """From the moment it hears its first comment; AssertionError where it was through before the calls were."""
    _leave(box, backlog)
    program = ("-c", _AS_BEFORE) if manners == "nice" else ("-m", "appliance")
    with box.program(*program, "--config", str(box.config), "analyst"):
        wait_until(lambda: comment_queue.queue(box.db).waiting < backlog, 60, box.said())
        yield
        left = comment_queue.queue(box.db).waiting
        assert left, "the analyst was through before the calls were: leave it more"


def _leave(box: Box, count: int) -> None:
    """So many comments that nobody has heard, of calls that are no longer in anybody's way."""
    now = datetime.now(UTC) - timedelta(days=2)
    made = MadeUp(box.directory, now)
    with closing(made.db):
        for path in islice(cycle(sorted(COMMENTS.glob("[0-9]*.wav"))), count):
            samples = read_wav(path).at(CALL_RATE_HZ).samples
            recording = encrypt_recording(made.keys, box.directory, (samples * 32767).astype("<i2").tobytes())
            comments.add(made.db, made.ended(at=now), recording, now)
