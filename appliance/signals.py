"""When to stop: on SIGTERM or SIGINT, or when the process that started us is gone."""

import os
import signal
import threading
from typing import Any, Final

_PARENT: Final = "EFTERKLANG_PARENT"


class StopSignal:
    """Call it to ask whether to stop; made once, in the main thread, at the beginning of a process."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        parent = os.environ.get(_PARENT)
        self._parent = int(parent) if parent else None
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def __call__(self) -> bool:
        if self._parent is not None and os.getppid() != self._parent:
            self._asked.set()
        return self._asked.is_set()

    def wait(self, seconds: float) -> bool:
        """Sleep, but not longer than until asked to stop; returns whether that was so."""
        return self._asked.wait(seconds) or self()

    def _ask(self, _number: int, _frame: Any) -> None:
        self._asked.set()


def child_environment() -> dict[str, str]:
    """For processes that must not outlive this one."""
    return {**os.environ, _PARENT: str(os.getpid())}
