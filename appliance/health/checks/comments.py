"""Comments are turned into text soon after they were spoken."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import comments
from appliance.store.clock import from_optional
from appliance.types import CommentState

TITLE: Final = "comments become text in time"
_MAX_WAIT: Final = timedelta(minutes=30)


def run(context: Context) -> Iterator[Issue]:
    if context.db is None:
        return
    oldest = from_optional(comments.oldest_waiting(context.db))
    if oldest is not None and context.now - oldest > _MAX_WAIT:
        what = f"the oldest comment has waited since {oldest.astimezone():%Y-%m-%d %H:%M}"
        todo = "run: systemctl status efterklang-analyst; a smaller speech model is quicker"
        yield Issue("comments", Severity.WARNING, what, "analyst", todo)
    parked = comments.count_by_state(context.db).get(CommentState.PARKED, 0)
    if parked:
        what = f"{parked} {'comment' if parked == 1 else 'comments'} could not be turned into text"
        todo = "the analyst's log says why: journalctl -u efterklang-analyst"
        yield Issue("comments", Severity.WARNING, what, "analyst", todo)
