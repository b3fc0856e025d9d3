"""Files of call records are taken in as they come: one that is left lying keeps numbers in plain."""

import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.intake.inbox import folders_of, inbox_directory
from appliance.intake.masking import mask

TITLE: Final = "files of call records are taken in"
_WAITED: Final = timedelta(hours=1)
_TOLD: Final = 3


def run(context: Context) -> Iterator[Issue]:
    inbox = inbox_directory(context.settings.storage.directory)
    if not inbox.is_dir():
        return
    for folder in folders_of(inbox):
        if waiting := sorted(_waiting(folder, context.now)):
            names = ", ".join(mask(path.name).encode(errors="replace").decode() for path in waiting[:_TOLD])
            more = f" and {len(waiting) - _TOLD} more" if len(waiting) > _TOLD else ""
            what = f"{names}{more} {'has' if len(waiting) == 1 else 'have'} waited for over an hour"
            todo = "journalctl -u efterklang-intake says why: a profile, or the file's owner; mend it or take it away"
            yield Issue("inbox", Severity.WARNING, what, f"{folder}", todo)


def _waiting(folder: Path, now: datetime) -> Iterator[Path]:
    """By when a file came or was last changed, whatever time of writing it was given."""
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # it is taken in this moment
            about = path.lstat()
            if not stat.S_ISDIR(about.st_mode) and now - datetime.fromtimestamp(about.st_ctime, UTC) > _WAITED:
                yield path
