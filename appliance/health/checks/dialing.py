"""Nobody has forgotten that dialing is paused."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import dialing
from appliance.store.dialing import DialingState

TITLE: Final = "citizens are rung"
_LONG: Final = timedelta(days=1)


def run(context: Context) -> Iterator[Issue]:
    found = dialing.current(context.db) if context.db is not None else None
    if found and found.state is not DialingState.RUNNING and found.since and context.now - found.since > _LONG:
        what = f"nobody is rung since {found.since.astimezone():%Y-%m-%d %H:%M}: {found.state} by {found.changed_by}"
        yield Issue("dialing", Severity.WARNING, what, "efterklang dialer status", "run: efterklang dialer resume")
