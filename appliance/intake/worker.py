"""The intake process: sweeps the inbox."""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from appliance import service
from appliance.custody.keys import Keys
from appliance.errors import IntakeError, StoreError
from appliance.intake.inbox import sweep
from appliance.intake.register import Register
from appliance.settings import Settings
from appliance.store import Database, processes

_NAME: Final = "intake"
_PAUSE_SECONDS: Final = 0.5
_BEAT_EVERY_SECONDS: Final = 3.0
_TROUBLE_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


def run(db: Database, keys: Keys, settings: Settings, should_stop: Callable[[], bool]) -> None:
    """Work until told to stop."""
    register = Register(db, keys, settings)
    zone = ZoneInfo(settings.municipality.time_zone)
    processes.begin(db, _NAME, os.getpid(), datetime.now(UTC))
    service.ready()
    beat_at = 0.0
    while not should_stop():
        try:
            sweep(settings.storage.directory, register, zone, datetime.now(UTC))
            if time.monotonic() >= beat_at:
                beat_at = time.monotonic() + _BEAT_EVERY_SECONDS
                processes.beat(db, _NAME, "waiting for ended contacts", datetime.now(UTC))
        except (IntakeError, StoreError) as error:
            _log.error("%s", error)  # the file stays where it is, and the next sweep tries again
            time.sleep(_TROUBLE_SECONDS)
        service.alive()
        time.sleep(_PAUSE_SECONDS)
    service.stopping()
    processes.end(db, _NAME)
