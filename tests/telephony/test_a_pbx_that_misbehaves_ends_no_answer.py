"""SIPp at the far end of a trunk does what a well-behaved PBX does not."""

from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS
from pbx.sipp import Sipp, missing

from appliance.types import Outcome

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


STATUSES: Final = {
    "603 Decline": Outcome.REFUSED,
    "600 Busy Everywhere": Outcome.BUSY,
    "604 Does Not Exist Anywhere": Outcome.BAD_NUMBER,
    "488 Not Acceptable Here": Outcome.TRUNK_FAULT,
    "500 Server Internal Error": Outcome.TRUNK_FAULT,
}


def test_statuses_that_no_asterisk_sends_have_their_outcomes(tmp_path: Path, box_at: Callable[..., Box]) -> None:
    with ExitStack() as running:
        calls = {}
        for status in STATUSES:
            far_end = running.enter_context(Sipp(tmp_path / status[:3], "rejects", status=status))
            box = box_at(far_end.port)
            calls[status] = (box, box.queue(CITIZENS["busy"]))
            running.enter_context(box.line())
        wait_until(lambda: all(box.last_outcome(interview) for box, interview in calls.values()), 40)
    assert {status: box.last_outcome(interview) for status, (box, interview) in calls.items()} == STATUSES
    assert all(box.rings(interview) == 1 for box, interview in calls.values())  # it rang before it said so


@pytest.mark.slow
def test_keys_count_after_each_change_of_codec(tmp_path: Path, box_at: Callable[..., Box]) -> None:
    with Sipp(tmp_path / "sipp", "changes_codec") as far_end:
        box = box_at(far_end.port)
        interview = box.queue(CITIZENS["busy"])
        with box.line():
            wait_until(lambda: box.is_over(interview), 40)
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.PARTIAL, "4")
