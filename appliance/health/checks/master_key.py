"""The master key is there, whole and ours alone: without it nothing that is sealed opens again."""

from collections.abc import Iterator
from typing import Final

from appliance.custody.keys import KEY_BYTES, master_key_path
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import comments

TITLE: Final = "the master key is safe"


def run(context: Context) -> Iterator[Issue]:
    path = master_key_path(context.settings.storage.directory)
    where = f"{path}"
    if not path.exists():
        if context.db is not None and comments.files(context.db):
            todo = "put back the backup of this file; without it the comments cannot be opened"
            yield Issue("master_key", Severity.ERROR, "the key that the comments are sealed with is gone", where, todo)
        return
    status = path.stat()
    if status.st_size != KEY_BYTES:
        what = f"it has {status.st_size} bytes where {KEY_BYTES} belong"
        yield Issue("master_key", Severity.ERROR, what, where, "put back the backup of this file")
    if status.st_mode & 0o077:
        what = "other users of this machine can read it"
        yield Issue("master_key", Severity.ERROR, what, where, f"run: chmod 400 {path}")
