"""The analyst's loop: take what waits, a group at a time, for as long as there is a usable model.

A comment is never lost: one whose analyst died is taken again by the next, and one that fails three times is parked for
a human.
"""

import logging
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from appliance import machine, service
from appliance.analyst.hearing import Bench, work_once
from appliance.analyst.heart import Heart
from appliance.analyst.modesty import step_back
from appliance.analyst.sole import alone
from appliance.analyst.tuning import MEASURING_SECONDS, Tuning
from appliance.custody.keys import Keys
from appliance.errors import ModelError, StoreError
from appliance.opinions import load_classifier
from appliance.settings import Settings
from appliance.speech.engine import load_engine
from appliance.store import Database, comment_queue, processes
from appliance.store.comment_queue import TERMS, CommentLease
from appliance.store.processes import WAITS_FOR_MODEL

_NAME: Final = "analyst"
_PAUSE_SECONDS: Final = 0.2
"""Part of how long a citizen's words take to the page; a look costs well under a millisecond."""
_STORE_RETRY_SECONDS: Final = 5.0
_MODEL_RETRY_SECONDS: Final = 30.0
_TURN_SECONDS: Final = 60.0
"""The loop's own work between two groups: a store that is locked or away, at the longest."""
_LOADING_SECONDS: Final = 600.0
"""To read and verify some gigabytes from a slow disk."""
_MOST_GROWTH_BYTES: Final = 3 << 30
"""Of resident memory since the models were loaded: the largest of the catalog needs 2.7 GB of it, the default 0.7."""

_log = logging.getLogger(__name__)


def run(db: Database, keys: Keys, settings: Settings, should_stop: Callable[[], bool]) -> None:
    """Work until told to stop. Without a usable model comments wait, and calls go on."""
    step_back(is_idle=settings.sip is not None)
    directory = settings.storage.directory
    with alone(directory, lambda: _wait(should_stop)) as is_alone:
        if not is_alone:
            return
        processes.begin(db, _NAME, os.getpid(), datetime.now(UTC))
        comment_queue.take_over(db)  # leases of an analyst that died
        with Heart(directory, _NAME, _let_go(should_stop)) as heart:
            _work(db, keys, settings, heart, should_stop)
        service.stopping()
        processes.end(db, _NAME)


def _wait(should_stop: Callable[[], bool]) -> bool:
    """Another analyst is at work: we are its successor, not its rival."""
    service.ready("waits for another analyst to end")
    service.alive()
    return not should_stop()


def _let_go(should_stop: Callable[[], bool]) -> Callable[[Database], None]:
    """For the heart: who is asked to stop is killed in the end, and what it still has in hand then is not to blame.

    What ends by itself within a beat or two is kept; a comment that was given back is heard by the next analyst.
    """
    was_asked = False

    def look(db: Database) -> None:
        nonlocal was_asked
        if was_asked:
            comment_queue.give_back(db, _name())
        was_asked = should_stop()

    return look


def _work(db: Database, keys: Keys, settings: Settings, heart: Heart, should_stop: Callable[[], bool]) -> None:
    bench, tuning, note, load_at, most_bytes = None, None, "reads its models", 0.0, 0

    def tell(leases: list[CommentLease]) -> None:
        lent = TERMS.lease + sum(lease.recording.seconds for lease in leases) * TERMS.lease_per_second
        heart.go_on(note, lent.total_seconds())

    service.ready(note)  # systemd's patience with a start is shorter than a slow disk's reading
    while not should_stop():
        if bench is None and time.monotonic() >= load_at:
            heart.go_on(note, _LOADING_SECONDS)
            bench, note = _load(db, keys, settings)
            tuning = bench and Tuning(bench)
            heart.model = bench.engine.model if bench else None
            load_at = time.monotonic() + _MODEL_RETRY_SECONDS
            most_bytes = machine.used_memory_bytes() + _MOST_GROWTH_BYTES
        heart.go_on(note, _TURN_SECONDS)
        pause_seconds = _PAUSE_SECONDS
        try:
            comment_queue.give_back(db, _name())  # what an error of the store has left with us
            if bench and tuning and work_once(bench, tell):
                tuning.put_off()
                if machine.used_memory_bytes() > most_bytes:
                    _log.warning("ends to begin anew: it holds more memory than its models need")
                    return
                continue
            if tuning and tuning.is_due():
                heart.go_on("measures its pace", MEASURING_SECONDS)
                tuning.run(should_stop)
        except StoreError as error:
            _log.error("comments wait: %s", error)
            pause_seconds = _STORE_RETRY_SECONDS
        time.sleep(pause_seconds)


def _name() -> str:
    return f"{_NAME}-{os.getpid()}"


def _load(db: Database, keys: Keys, settings: Settings) -> tuple[Bench | None, str]:
    """The bench, and what the analyst does now."""
    try:
        engine = load_engine(settings)
        engine.require(settings.survey.language)
        return Bench(db, keys, settings, engine, load_classifier(settings), _name()), "listening"
    except ModelError as error:
        _log.error("comments wait: %s", error)
        return None, f"{WAITS_FOR_MODEL}: {error}"
