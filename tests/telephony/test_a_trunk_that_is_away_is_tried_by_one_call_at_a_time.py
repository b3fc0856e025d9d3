"""A trunk without registration: only a call can find out that the PBX is away, and that it is back."""

from collections.abc import Callable

import pytest
from pbx.asterisk import Asterisk
from pbx.box import Box, wait_until
from pbx.citizens import CITIZENS

from appliance.store import trunk

QUICK = ("busy", "early_media_busy", "hangs_up_at_greeting", "opts_out", "rejects_403", "unavailable_480")
RING_SECONDS = 5


def faults(box: Box) -> int:
    fault = trunk.fault(box.db)
    return fault.faults if fault else 0


@pytest.mark.slow
def test_nobody_loses_a_try_and_the_queue_goes_on_when_it_is_back(
    fresh_asterisk: Asterisk, box_on: Callable[..., Box]
) -> None:
    box = box_on(fresh_asterisk, register=False, trunk_calls=2, dialer={"ring_seconds": RING_SECONDS})
    calls = {name: box.queue(CITIZENS[name]) for name in QUICK}
    fresh_asterisk.kill()
    with box.line():
        # PJSIP holds a call that nobody confirms the end of for half a minute: its place on the trunk is taken so long.
        wait_until(lambda: faults(box) >= 2, 90, "the trunk is not tried again")
        assert sum(len(box.attempts(interview)) for interview in calls.values()) <= 2 + faults(box)
        assert [box.rings(interview) for interview in calls.values()] == [0] * len(calls)
        fresh_asterisk.start()
        wait_until(lambda: faults(box) == 0, 120, "the trunk is not found to be well again")
        wait_until(lambda: all(box.is_over(interview) for interview in calls.values()), 240)
    assert {name: box.outcome(interview) for name, interview in calls.items()} == {
        name: CITIZENS[name].outcome for name in QUICK
    }
    assert [box.rings(interview) for interview in calls.values()] == [1] * len(calls)
    assert fresh_asterisk.channels() == 0
