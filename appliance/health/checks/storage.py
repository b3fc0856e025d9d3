"""The storage directory is there, ours alone, and has room."""

import os
import shutil
from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the storage is there, private and has room"
_MIN_FREE_BYTES: Final = 2 << 30
_MIN_FREE_SHARE: Final = 0.05


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
    usage = shutil.disk_usage(directory)
    if usage.free < max(_MIN_FREE_BYTES, _MIN_FREE_SHARE * usage.total):
        what = f"only {usage.free / 1e9:.1f} of {usage.total / 1e9:.1f} GB are free; 2 GiB and 5 % should be"
        yield Issue("storage", Severity.ERROR, what, where, "free some, or move the storage to a larger disk")
