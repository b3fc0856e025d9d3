"""Comments are turned into text soon after they were spoken."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import comment_queue

TITLE: Final = "comments become text in time"
MAX_WAIT: Final = timedelta(minutes=30)
_SPAN: Final = timedelta(hours=1)
_MANY_SECONDS: Final = 600.0
"""Of sound that waits, before it is worth a word that more comes than goes."""
_ONCE_MORE: Final = "once its cause is gone: efterklang comments again --parked"


def run(context: Context) -> Iterator[Issue]:
    if context.db is None:
        return
    queue = comment_queue.queue(context.db)
    if queue.oldest_at is not None and context.now - queue.oldest_at > MAX_WAIT:
        what = f"{_comments(queue.waiting)} wait, the oldest since {queue.oldest_at.astimezone():%Y-%m-%d %H:%M}"
        todo = "run: systemctl status efterklang-analyst; a smaller speech model is quicker"
        yield Issue("comments", Severity.WARNING, what, "analyst", todo)
    elif queue.waiting_seconds > _MANY_SECONDS:
        recorded, heard = comment_queue.sound_since(context.db, context.now - _SPAN)
        if recorded > heard:
            what = f"more is recorded than heard: {recorded / 60:.0f} and {heard / 60:.0f} minutes in the last hour"
            todo = "a smaller speech model is quicker, or give the box more processors"
            yield Issue("comments", Severity.WARNING, what, "analyst", todo)
    if queue.parked:
        what = f"{_comments(queue.parked)} could not be turned into text: {_reasons(queue.faults)}"
        yield Issue("comments", Severity.WARNING, what, "analyst", _ONCE_MORE)
    if queue.again_faults:
        count = sum(queue.again_faults.values())
        what = f"{_comments(count)} asked for again kept the old text: {_reasons(queue.again_faults)}"
        yield Issue("comments", Severity.WARNING, what, "analyst", _ONCE_MORE)


def _reasons(faults: dict[str, int]) -> str:
    return "; ".join(f"{count} × {fault}" for fault, count in list(faults.items())[:3]) or "nobody knows why"


def _comments(count: int) -> str:
    return f"{count} {'comment' if count == 1 else 'comments'}"
