from dataclasses import replace

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance.analyst import worker
from appliance.analyst.hearing import Bench
from appliance.settings import Settings
from appliance.store import comments, processes
from appliance.types import CommentState


@pytest.mark.parametrize(("growth_bytes", "heard"), [(-(1 << 30), 1), (1 << 40, 3)])
def test_between_two_groups_and_nothing_is_lost(
    box: MadeUp, bench: Bench, settings: Settings, speak: Speak, monkeypatch: pytest.MonkeyPatch,
    growth_bytes: int, heard: int,
) -> None:  # fmt: skip
    for _ in range(3):
        speak(bytes(16_000))
    bench.stride.sound_seconds = 0.0
    monkeypatch.setattr(bench.stride, "learn", lambda *_: None)
    monkeypatch.setattr(worker, "_MOST_GROWTH_BYTES", growth_bytes)
    monkeypatch.setattr(worker, "_load", lambda *_: (replace(bench, worker=worker._name()), "listening"))
    left = iter(range(6))
    worker.run(box.db, box.keys, settings, lambda: next(left, None) is None)
    counts = comments.count_by_state(box.db)
    assert counts[CommentState.NO_SPEECH] == heard
    assert counts.get(CommentState.RECORDED, 0) == 3 - heard
    assert processes.all_beats(box.db) == []
