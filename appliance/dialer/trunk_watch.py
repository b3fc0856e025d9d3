"""Is it the citizen's number or our trunk? A trunk that is at fault pauses as a whole; nobody loses a try by it."""

import logging
import random
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from appliance.store import Database, trunk
from appliance.store.interviews import Lease
from appliance.types import Outcome

REFUSALS_IN_A_ROW: Final = 5
"""So many different numbers called bad with none in between that rings: the trunk refuses everything."""
_LONGEST_SECONDS: Final = 200.0
"""Before luck is added: five minutes with it."""

_log = logging.getLogger(__name__)


def back_off(faults: int, luck: Callable[[float, float], float] = random.uniform) -> timedelta:
    """How long the trunk is left alone after so many faults: from one second to five minutes, never two boxes alike."""
    return timedelta(seconds=min(_LONGEST_SECONDS, 2.0 ** min(faults - 1, 30)) * luck(1.0, 1.5))


def judge(db: Database, lease: Lease, outcome: Outcome, sip_status: int | None, now: datetime) -> Outcome:
    """What a call of ours that has ended says of trunk and number; returns the outcome to go by.

    A number that the PBX calls bad is believed the second time, with a call in between that got through to a number of
    the same beginning: until then the trunk is to blame, which may refuse them all, or all of that kind.
    """
    if not trunk.reached_nobody(db, lease.attempt_id):
        return outcome
    if outcome is Outcome.BAD_NUMBER and sip_status is not None:
        if trunk.fault(db) or trunk.numbers_refused_in_a_row(db) >= REFUSALS_IN_A_ROW:
            _pause(db, lease, sip_status, now)
        elif trunk.refused_before_the_trunk_proved_well(db, lease.interview_id, lease.attempt_id):
            return outcome
        return Outcome.TRUNK_FAULT
    if outcome is Outcome.TRUNK_FAULT:
        _pause(db, lease, sip_status, now)
    return outcome


def _pause(db: Database, lease: Lease, sip_status: int | None, now: datetime) -> None:
    fault = trunk.note_fault(db, lease.attempt_id, sip_status, now, back_off)
    wait_seconds = (fault.paused_until - now).total_seconds()
    _log.warning("the trunk is at fault (%s): next call in %.0f s", sip_status or "no answer", wait_seconds)
