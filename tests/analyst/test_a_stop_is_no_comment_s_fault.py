import threading
import time
from collections.abc import Sequence

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance.analyst import heart, worker
from appliance.analyst.hearing import Bench
from appliance.settings import Settings
from appliance.sound import Sound
from appliance.speech.transcript import Transcript
from appliance.store import open_store


def test_what_is_in_hand_is_given_back_before_the_kill_that_ends_a_stop(
    box: MadeUp, settings: Settings, bench: Bench, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment_id = speak(bytes(16_000))
    monkeypatch.setattr(heart, "_BEAT_EVERY_SECONDS", 0.05)
    stop = threading.Event()
    seen: list[tuple[object, ...]] = []

    def row() -> tuple[object, ...]:
        with_lease = "SELECT tries, leased_by IS NOT NULL, fault FROM comments WHERE id = ?"
        found: tuple[object, ...] = open_store(box.directory).execute(with_lease, (comment_id,)).fetchone()
        return found

    transcribe_all = bench.engine.transcribe_all

    def hear_for_long(sounds: Sequence[Sound], language: str) -> list[Transcript]:
        """As long as it has the lease, and a stop's patience is over."""
        time.sleep(0.3)
        seen.append(row())
        stop.set()
        deadline = time.monotonic() + 10
        while row()[1] and time.monotonic() < deadline:
            time.sleep(0.02)
        seen.append(row())
        return transcribe_all(sounds, language)

    monkeypatch.setattr(bench.engine, "transcribe_all", hear_for_long)
    monkeypatch.setattr(worker, "_name", lambda: bench.worker)
    monkeypatch.setattr(worker, "_load", lambda *_: (bench, "listening"))
    worker.run(box.db, box.keys, settings, stop.is_set)
    assert seen == [(1, True, None), (0, False, None)]
