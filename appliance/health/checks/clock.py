"""The clock is right: calling hours and deletions hang on it."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance import timepiece
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store.timekeeping import TOLERANCE, HouseClock, Trust

TITLE: Final = "the clock is kept right"


def run(context: Context) -> Iterator[Issue]:
    if context.db is not None and (clock := HouseClock(context.db)).trust() is Trust.DOUBTED:
        yield _doubt(clock)
    synchronized = timepiece.TIMESYNCD.exists() or timepiece.kernel_says()
    if synchronized is None:
        todo = "run: sudo efterklang check, or timedatectl"
        yield Issue("clock", Severity.UNKNOWN, "the kernel does not tell whether it is right", "clock", todo)
    elif not synchronized:
        todo = "run: timedatectl set-ntp true (apt-get install systemd-timesyncd), with the network's own time server"
        yield Issue("clock", Severity.WARNING, "no time server keeps it right", "clock", todo)


def _doubt(clock: HouseClock) -> Issue:
    if abs(apart := clock.disagreement()) > TOLERANCE:
        what = f"it was set {'ahead' if apart > timedelta(0) else 'back'} by {abs(apart)}, and by no time server"
    else:
        what = "no time server has set it since the machine was started"
    what += ": until somebody says that it is right nobody is rung and no ended contacts are taken in"
    return Issue(
        "clock", Severity.ERROR, what, "clock", "run: date; where that is right: efterklang dialer trust-clock"
    )
