import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance.analyst.hearing import Bench, work_once
from appliance.custody.recordings import comments_directory
from appliance.store import comment_queue, comments
from appliance.store.comment_queue import Terms
from appliance.types import CommentState


def flip(path: Path) -> None:
    sealed = bytearray(path.read_bytes())
    sealed[len(sealed) // 2] ^= 1
    path.write_bytes(sealed)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:20])


DAMAGES: list[Callable[[Path], None]] = [flip, cut, Path.unlink]
NO_PAUSES = Terms(pauses=(timedelta(0),))
CALLS = ("contacts", "interviews", "attempts", "answers")


@pytest.fixture
def bench(bench: Bench) -> Bench:
    """Between two tries nobody waits."""
    return replace(bench, terms=NO_PAUSES)


def rows(box: MadeUp) -> dict[str, list[tuple[object, ...]]]:
    """Everything that the call has left."""
    return {table: box.db.execute(f"SELECT * FROM {table}").fetchall() for table in CALLS}


def damage_the_recording(box: MadeUp, damage: Callable[[Path], None]) -> None:
    (path,) = comments_directory(box.directory).iterdir()
    damage(path)


@pytest.mark.parametrize("damage", DAMAGES, ids=["a flipped bit", "a cut file", "a missing file"])
def test_it_is_tried_three_times_and_the_call_is_untouched(
    box: MadeUp, bench: Bench, speak: Speak, caplog: pytest.LogCaptureFixture, damage: Callable[[Path], None]
) -> None:
    speak(bytes(16_000))
    damage_the_recording(box, damage)
    before = rows(box)
    assert [work_once(bench) for _ in range(5)] == [True, True, True, False, False]
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}
    ((fault, count),) = comment_queue.queue(box.db).faults.items()
    assert count == 1
    assert "record" in fault
    assert [record.levelno for record in caplog.records] == [logging.WARNING] * 3
    assert [message.split(":")[0] for message in caplog.messages] == [f"comment 1, try {n} of 3" for n in (1, 2, 3)]
    assert rows(box) == before


def test_the_comments_behind_it_are_heard(box: MadeUp, bench: Bench, speak: Speak) -> None:
    speak(bytes(16_000))
    damage_the_recording(box, cut)
    speak(bytes(16_000))
    assert not all(work_once(bench) for _ in range(9))
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1, CommentState.NO_SPEECH: 1}


def test_a_recording_of_an_odd_length_is_parked_as_well(box: MadeUp, bench: Bench, speak: Speak) -> None:
    speak(bytes(16_001))
    assert not all(work_once(bench) for _ in range(9))
    assert comments.count_by_state(box.db) == {CommentState.PARKED: 1}
