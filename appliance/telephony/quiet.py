"""A C library that prints when it should not."""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def quiet_stdout() -> Iterator[None]:
    """Silence libCreate, which prints to file descriptor 1 before it can be told not to."""
    kept = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 1)
        yield
    finally:
        ctypes.CDLL(None).fflush(None)  # what C has printed may still wait in its buffer
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
