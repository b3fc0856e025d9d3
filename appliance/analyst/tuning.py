"""The first quiet minute with a model that this box has not met: its pace is measured, and kept."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from appliance.analyst.hearing import Bench
from appliance.speech.calibration import calibrate_engine, is_due
from appliance.store import comment_queue
from appliance.store.limits import live_calls

_QUIET_SECONDS: Final = 60.0
MEASURING_SECONDS: Final = 600.0
"""What it may take of the largest model on the smallest box, until it looks up again."""

_log = logging.getLogger(__name__)


@dataclass
class Tuning:
    """Whether there is a pace to find, and whether this is the time for it."""

    bench: Bench
    quiet_seconds: float = _QUIET_SECONDS
    _busy_at: float = field(default_factory=time.monotonic)
    _is_over: bool = False

    def put_off(self) -> None:
        """There was a comment."""
        self._busy_at = time.monotonic()

    def is_due(self) -> bool:
        """To be asked whenever no comment waits."""
        if self._is_over or time.monotonic() - self._busy_at < self.quiet_seconds or not self._may_go_on():
            return False
        self._is_over = not is_due(self.bench.engine, self.bench.settings)
        return not self._is_over

    def run(self, should_stop: Callable[[], bool]) -> None:
        """Measure, until a call or a comment comes."""
        self.bench.engine.is_modest = False
        try:
            found = calibrate_engine(
                self.bench.engine,
                self.bench.settings,
                lambda: not should_stop() and self._may_go_on(),
                _log.info,
                is_patient=True,
            )
        except OSError as error:
            _log.warning("the model's pace cannot be kept: %s; run: efterklang models calibrate", error)
            self._is_over = True
            return
        self.put_off()
        if found:
            self._is_over = True
            _log.info("%s is heard at %.1f times real time", self.bench.engine.model, found.times_real_time)

    def _may_go_on(self) -> bool:
        db = self.bench.db
        if live_calls(db, datetime.now(UTC)) or comment_queue.queue(db).waiting:
            self.put_off()
            return False
        return True
