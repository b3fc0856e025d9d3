"""Every comment that was spoken has been kept."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import comments

TITLE: Final = "no comment is lost"
_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


def run(context: Context) -> Iterator[Issue]:
    if context.db is None:
        return
    lost = comments.lost_since(context.db, context.now - _WEEK)
    if lost:
        is_new = comments.lost_since(context.db, context.now - _DAY) > 0
        what = f"{lost} {'comment' if lost == 1 else 'comments'} of the last seven days could not be kept"
        where = f"{context.settings.storage.memory_directory} or {context.settings.storage.directory}"
        todo = "give both room; the log says which was full: journalctl -u 'efterklang-line@*' | grep lost"
        yield Issue("lost_comments", Severity.ERROR if is_new else Severity.WARNING, what, where, todo)
