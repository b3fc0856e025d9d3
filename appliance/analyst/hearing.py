"""A group of comments to its end: out of custody, through speech and opinions, each kept as soon as it is ready.

What can be the comment's own fault costs it a try; what is the box's does not.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from appliance.custody.keys import Keys
from appliance.custody.recordings import decrypt_recording, seal_text
from appliance.errors import EfterklangError, RecordingsAwayError, StoreError
from appliance.opinions import Classifier
from appliance.settings import Settings
from appliance.sound import CALL_RATE_HZ, Sound, from_pcm
from appliance.speech.engine import Engine
from appliance.speech.transcript import Transcript
from appliance.store import Database, comment_queue, comments
from appliance.store.comment_queue import TERMS, CommentLease, Terms
from appliance.store.limits import live_calls
from appliance.store.transcripts import Transcribed
from appliance.types import CommentState, Language

_TAKES_SECONDS: Final = 4.0
"""What a group may take: a comment that comes meanwhile waits no longer for its turn."""
_FIRST_SOUND_SECONDS: Final = 30.0
_MOST_SOUND_SECONDS: Final = 120.0
"""Enough to fill every core with whole batches."""

_log = logging.getLogger(__name__)


@dataclass
class Stride:
    """How much sound is taken at once, by how long the last group took."""

    sound_seconds: float = _FIRST_SOUND_SECONDS

    def learn(self, sound_seconds: float, took_seconds: float) -> None:
        fitting = _TAKES_SECONDS * sound_seconds / max(took_seconds, 0.001)
        self.sound_seconds = max(1.0, min(fitting, 2 * self.sound_seconds, _MOST_SOUND_SECONDS))


@dataclass(frozen=True)
class Bench:
    """Everything that comments need."""

    db: Database
    keys: Keys
    settings: Settings
    engine: Engine
    classifier: Classifier
    worker: str = "analyst"
    """Whose leases they are: another name for every process."""
    terms: Terms = TERMS
    stride: Stride = field(default_factory=Stride)


def work_once(bench: Bench, tell: Callable[[list[CommentLease]], object] = lambda _: None) -> bool:
    """Take the comments that are next, telling which; False where none waits."""
    sound_seconds = bench.stride.sound_seconds
    leases = comment_queue.lease_some(
        bench.db, bench.worker, datetime.now(UTC), sound_seconds, bench.terms, bench.engine.languages
    )
    if not leases:
        return False
    tell(leases)
    bench.engine.is_modest = live_calls(bench.db, datetime.now(UTC)) > 0
    begun = time.monotonic()
    _hear(bench, leases)
    bench.stride.learn(sum(lease.recording.seconds for lease in leases), time.monotonic() - begun)
    return True


def _hear(bench: Bench, leases: list[CommentLease]) -> None:
    sounds = _sounds(bench, leases)
    if not sounds:
        return
    try:
        made = bench.engine.transcribe_all(list(sounds.values()), leases[0].language)
    except Exception as error:  # noqa: BLE001 -- whatever a sound does to a recogniser, the others go on without it
        _fail(bench, list(sounds), error)
        return
    for lease, transcript in zip(sounds, made, strict=True):
        try:
            _keep(bench, lease, transcript)
        except StoreError:
            raise
        except EfterklangError as error:
            _fail(bench, [lease], error)


def _sounds(bench: Bench, leases: list[CommentLease]) -> dict[CommentLease, Sound]:
    """Of those that can be read; what the box keeps from us now is put off, all of it in one line."""
    sounds: dict[CommentLease, Sound] = {}
    away: dict[CommentLease, RecordingsAwayError] = {}
    for lease in leases:
        try:
            pcm = decrypt_recording(bench.keys, bench.settings.storage.directory, lease.recording)
            sounds[lease] = from_pcm(pcm, CALL_RATE_HZ)
        except RecordingsAwayError as error:
            away[lease] = error
        except EfterklangError as error:
            _fail(bench, [lease], error)
    if away:
        _log.error("%d comments wait: %s", len(away), next(iter(away.values())))
        comment_queue.put_off(bench.db, bench.worker, away, datetime.now(UTC), bench.terms)
    return sounds


def _keep(bench: Bench, lease: CommentLease, made: Transcript) -> None:
    is_known = made.text and made.language == Language.SWEDISH  # the classifier's one language
    opinions = bench.classifier.classify(made.text) if is_known else ()
    state = CommentState.DONE if made.text else CommentState.NO_SPEECH
    now, sealed = datetime.now(UTC), _sealed(bench, lease, made)
    if not comments.finish(bench.db, lease.comment_id, state, sealed, opinions, now, bench.worker):
        _log.info("comment %d was erased or taken over while it was heard; nothing is kept of it", lease.comment_id)


def _sealed(bench: Bench, lease: CommentLease, made: Transcript) -> Transcribed:
    words = json.dumps([[word.text, round(word.confidence, 3)] for word in made.words], ensure_ascii=False)
    return Transcribed(
        text_sealed=seal_text(bench.keys, lease.recording, made.text),
        words_sealed=seal_text(bench.keys, lease.recording, words, "words"),
        language=made.language,
        confidence=made.confidence if made.words else None,
        doubts=made.doubts,
        speech_model=bench.engine.model,
        speech_model_digest=bench.engine.digest,
        opinions_model=bench.settings.opinions.model,
    )


def _fail(bench: Bench, leases: list[CommentLease], error: Exception) -> None:
    """Of several the one at fault is not known: each is tried again alone."""
    why = f"{error}" if isinstance(error, EfterklangError) else f"unexpected {type(error).__name__}"
    for lease in leases:
        _log.warning("comment %d, try %d of %d: %s", lease.comment_id, lease.tries, bench.terms.most_tries, why)
    comment_queue.fail(bench.db, bench.worker, leases, why, datetime.now(UTC), bench.terms)
