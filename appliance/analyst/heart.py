"""Tells systemd and the store that the analyst lives, also while one long comment takes minutes, but not for ever."""

import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self

from appliance import service
from appliance.errors import StoreError
from appliance.store import Database, open_store, processes

_BEAT_EVERY_SECONDS: Final = 3.0


class Heart:
    """Beats in a thread of its own for as long as the work was allowed to take: what hangs falls silent."""

    def __init__(self, directory: Path, name: str, look: Callable[[Database], object] = lambda _: None) -> None:
        """`look` is called at every regular beat, with the heart's own connection."""
        self._directory = directory
        self._name = name
        self.model: str | None = None
        """The speech model that is loaded."""
        self._look = look
        self._state = ("starting", 0.0)
        self._over = False
        self._news = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._over = True
        self._news.set()
        self._thread.join()

    def go_on(self, note: str, seconds: float) -> None:
        """The work has got further; the next time it says so is at most so many seconds away."""
        is_new = note != self._state[0]
        self._state = (note, time.monotonic() + seconds)
        if is_new:
            self._news.set()

    def _run(self) -> None:
        while not self._over:
            is_news = self._news.wait(_BEAT_EVERY_SECONDS)
            self._news.clear()
            note, until = self._state
            if time.monotonic() < until:
                service.alive(note)
                self._tell(note, is_news=is_news)

    def _tell(self, note: str, *, is_news: bool) -> None:
        try:
            with closing(open_store(self._directory)) as db:
                processes.beat(db, self._name, note, datetime.now(UTC), self.model)
                if not is_news:
                    self._look(db)
        except StoreError:  # the work itself meets the same error, and tells of it
            return
