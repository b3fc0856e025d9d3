"""SIPp at the far end of a trunk does what a well-behaved PBX does not."""

from collections.abc import Callable
from pathlib import Path

import pytest
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS
from pbx.sipp import Sipp, missing

from appliance.types import Outcome

pytestmark = pytest.mark.skipif(missing() is not None, reason=missing() or "")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("603 Decline", Outcome.REFUSED),
        ("600 Busy Everywhere", Outcome.BUSY),
        ("604 Does Not Exist Anywhere", Outcome.BAD_NUMBER),
        ("488 Not Acceptable Here", Outcome.TRUNK_FAULT),
        ("500 Server Internal Error", Outcome.TRUNK_FAULT),
    ],
)
def test_a_status_that_no_asterisk_sends(
    tmp_path: Path, box_at: Callable[..., Box], status: str, outcome: Outcome
) -> None:
    with Sipp(tmp_path / "sipp", "rejects", status=status) as far_end:
        box = box_at(far_end.port)
        interview = box.queue(CITIZENS["busy"])
        with box.line():
            wait_until(lambda: box.last_outcome(interview), 20)
    assert box.last_outcome(interview) is outcome
    assert box.rings(interview) == 1  # it rang before it said so


def test_keys_count_after_each_change_of_codec(tmp_path: Path, box_at: Callable[..., Box]) -> None:
    with Sipp(tmp_path / "sipp", "changes_codec") as far_end:
        box = box_at(far_end.port)
        interview = box.queue(CITIZENS["busy"])
        with box.line():
            wait_until(lambda: box.is_over(interview), 40)
    assert (box.outcome(interview), box.answers(interview)) == (Outcome.PARTIAL, "4")
