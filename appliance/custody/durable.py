"""What a power cut must not undo."""

import os
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Put a folder's entries on disk: a file just made, linked or renamed in it is found again after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
