"""Makes a questionnaire's sounds beside the requests: a voice takes a minute, and the page has few threads."""

import logging
import time
from collections.abc import Callable, Iterable
from threading import Lock, Thread
from typing import Final

from appliance.errors import EfterklangError

_MAX_SECONDS: Final = 300.0
"""A voice that needs longer for one questionnaire is at fault."""

_log = logging.getLogger(__name__)


class SoundMaker:
    """At most one questionnaire's at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._thread: Thread | None = None
        self.busy_with: tuple[str, int] | None = None
        """The id and version whose sounds are being made."""
        self.failed_with: tuple[str, int] | None = None
        """What could not be made the last time."""

    def start(self, version: tuple[str, int], sounds: Iterable[Callable[[], object]]) -> bool:
        """Make them one by one from now on; False where the maker is busy, and then nothing is begun."""
        if not self._lock.acquire(blocking=False):
            return False
        self.busy_with, self.failed_with = version, None
        self._thread = Thread(target=self._make, args=(version, sounds), name="voice", daemon=True)
        self._thread.start()
        return True

    def wait(self) -> None:
        """Until nothing is being made."""
        if self._thread:
            self._thread.join()

    def _make(self, version: tuple[str, int], sounds: Iterable[Callable[[], object]]) -> None:
        ends_at = time.monotonic() + _MAX_SECONDS
        self.failed_with = version
        try:
            for make in sounds:
                if time.monotonic() > ends_at:
                    _log.error("sounds of %s, version %d: not all made in %.0f s", *version, _MAX_SECONDS)
                    return
                make()
            self.failed_with = None
        except EfterklangError as error:
            _log.error("sounds of %s, version %d: %s", *version, error)
        finally:
            self.busy_with = None
            self._lock.release()
