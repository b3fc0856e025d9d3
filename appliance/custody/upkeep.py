"""Sealed files that no row knows: left by a crash between writing the file and committing the row."""

import time
from pathlib import Path
from typing import Final

from appliance.custody.recordings import comments_directory
from appliance.store import Database, comments

_MIN_AGE_SECONDS: Final = 3600.0
"""Younger files may be about to get their row."""


def remove_strays(db: Database, directory: Path) -> int:
    """Delete them; returns how many. Their words are not lost: the recording was rescued from memory.

    A database that knows no recording at all is a new or a wrong one: then nothing is deleted.
    """
    known = comments.files(db)
    if not known:
        return 0
    too_young = time.time() - _MIN_AGE_SECONDS
    strays = [
        path
        for path in comments_directory(directory).glob("*")
        if path.name not in known and path.stat().st_mtime < too_young
    ]
    for path in strays:
        path.unlink()
    return len(strays)
