"""One analyst at a time: a lock that the kernel takes back when its holder dies, however it dies."""

import fcntl
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from appliance.errors import StoreError

_LOOK_EVERY_SECONDS: Final = 0.2


@contextmanager
def alone(directory: Path, waits: Callable[[], bool]) -> Iterator[bool]:
    """Whether nobody else is the analyst of this storage directory; `waits` is asked until then, False gives it up.

    The directory itself is locked: a file of the lock's own might be left behind by another user.
    """
    try:
        descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as error:
        raise StoreError(f"{directory}: cannot be opened: {error.strerror}") from error
    try:
        while not (is_alone := _lock(descriptor)) and waits():
            time.sleep(_LOOK_EVERY_SECONDS)
        yield is_alone
    finally:
        os.close(descriptor)


def _lock(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
