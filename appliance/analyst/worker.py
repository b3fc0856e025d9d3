"""Lease a comment, read it out of custody, find its words and its opinions, keep both.

A comment is never lost: a lease that runs out is taken again, and one that fails three times is parked for a human.
"""

import contextlib
import json
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from appliance import service
from appliance.custody.keys import Keys
from appliance.custody.recordings import decrypt_recording, seal_text
from appliance.errors import EfterklangError, ModelError, StoreError
from appliance.opinions import Classifier, load_classifier
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ, from_pcm
from appliance.speech.engine import Engine, load_engine
from appliance.speech.transcript import Transcript
from appliance.store import Database, comments, processes
from appliance.store.comments import CommentLease
from appliance.store.transcripts import Transcribed
from appliance.types import CommentState, Language

_NAME: Final = "analyst"
_LEASE: Final = timedelta(minutes=5)
_MAX_TRIES: Final = 3
_PAUSE_SECONDS: Final = 0.5
_NICENESS: Final = 10
"""Calls come first: the analyst takes what processor time they leave."""
_MODEL_RETRY_SECONDS: Final = 30.0
_BEAT_EVERY_SECONDS: Final = 3.0

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Bench:
    """Everything one comment needs."""

    db: Database
    keys: Keys
    settings: Settings
    engine: Engine
    classifier: Classifier


def analyse(bench: Bench, lease: CommentLease) -> None:
    """Take one comment to its end."""
    pcm = decrypt_recording(bench.keys, bench.settings.storage.directory, lease.recording)
    transcript = bench.engine.transcribe(from_pcm(pcm, CALL_RATE_HZ), lease.language)
    is_known = transcript.text and transcript.language == Language.SWEDISH  # the classifier's one language
    opinions = bench.classifier.classify(transcript.text) if is_known else ()
    state = CommentState.DONE if transcript.text else CommentState.NO_SPEECH
    comments.finish(bench.db, lease.comment_id, state, _sealed(bench, lease, transcript), opinions, datetime.now(UTC))


def _sealed(bench: Bench, lease: CommentLease, made: Transcript) -> Transcribed:
    words = json.dumps([[word.text, round(word.confidence, 3)] for word in made.words], ensure_ascii=False)
    return Transcribed(
        text_sealed=seal_text(bench.keys, lease.recording, made.text),
        words_sealed=seal_text(bench.keys, lease.recording, words, "words"),
        language=made.language,
        confidence=made.confidence,
        doubts=made.doubts,
        speech_model=bench.engine.model,
        speech_model_digest=bench.engine.digest,
        opinions_model=bench.settings.opinions.model,
    )


def work_once(bench: Bench) -> bool:
    """Take the next comment that waits; False where none does."""
    now = datetime.now(UTC)
    lease = comments.lease_next(bench.db, _NAME, now, now + _LEASE, _MAX_TRIES)
    if lease is None:
        return False
    try:
        analyse(bench, lease)
    except EfterklangError as error:
        _log.warning("comment %d, try %d of %d: %s", lease.comment_id, lease.tries, _MAX_TRIES, error)
        comments.give_back(bench.db, _NAME)
    return True


def run(db: Database, keys: Keys, settings: Settings, should_stop: Callable[[], bool]) -> None:
    """Work until told to stop. Without a usable model comments wait, and calls go on."""
    with contextlib.suppress(PermissionError):  # systemd's sandbox refuses it, and has set Nice= itself
        os.nice(_NICENESS)
    processes.begin(db, _NAME, os.getpid(), datetime.now(UTC))
    comments.give_back(db, _NAME)  # leases of an analyst that died
    bench = None
    load_at = beat_at = 0.0
    while not should_stop():
        now = time.monotonic()
        if bench is None and now >= load_at:
            bench = _load(db, keys, settings)
            load_at = now + _MODEL_RETRY_SECONDS
            service.ready()
        try:
            if now >= beat_at:
                beat_at = now + _BEAT_EVERY_SECONDS
                service.alive()
                processes.beat(db, _NAME, "listening" if bench else "no usable model", datetime.now(UTC))
            has_worked = bench is not None and work_once(bench)
        except StoreError as error:
            _log.error("comments wait: %s", error)
            has_worked = False
        if not has_worked:
            time.sleep(_PAUSE_SECONDS)
    service.stopping()
    processes.end(db, _NAME)


def _load(db: Database, keys: Keys, settings: Settings) -> Bench | None:
    try:
        return Bench(db, keys, settings, load_engine(settings), load_classifier(settings))
    except ModelError as error:
        _log.error("comments wait: %s", error)
        return None
