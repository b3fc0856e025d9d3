"""The storage directory is there, ours alone, and has room."""

import os
from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store.space import free_bytes, is_short, least_free_bytes

TITLE: Final = "the storage is there, private and has room"


def run(context: Context) -> Iterator[Issue]:
    directory = context.settings.storage.directory
    where = f"storage.directory {directory}"
    if not directory.is_dir():
        if context.is_installed:
            todo = f"run: install -d -m 700 -o efterklang -g efterklang {directory}"
            yield Issue("storage", Severity.ERROR, "the directory is not there", where, todo)
        return
    if directory.stat().st_mode & 0o077:
        what = "other users of this machine can look into it"
        yield Issue("storage", Severity.ERROR, what, where, f"run: chmod 700 {directory}")
    if not os.access(directory, os.W_OK | os.X_OK):
        todo = f"run: chown -R efterklang: {directory}"
        yield Issue("storage", Severity.ERROR, "it cannot be written", where, todo)
    storage = context.settings.storage
    if is_short(storage):
        free, needed = free_bytes(directory) / 1e9, least_free_bytes(storage) / 1e9
        what = f"no new calls: only {free:.1f} GB are free; {needed:.1f} GB must be"
        todo = "free some, or move the storage to a larger disk; calls then go on by themselves"
        yield Issue("storage", Severity.ERROR, what, where, todo)
