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


def take_away(folder: Path) -> Callable[[], object]:
    """The folder is not there, as where a disk is not mounted; returns how it comes back."""
    away = folder.rename(folder.with_name("away"))
    return lambda: away.rename(folder)


def spoil(folder: Path) -> Callable[[], object]:
    """No file can be read, and not because it is gone."""
    before = {path: path.read_bytes() for path in folder.iterdir()}
    for path in before:
        path.unlink()
        path.mkdir()

    def back() -> None:
        for path, sealed in before.items():
            path.rmdir()
            path.write_bytes(sealed)

    return back


@pytest.mark.parametrize("harm", [take_away, spoil])
def test_they_wait_as_they_are_and_are_heard_when_they_are_back(
    box: MadeUp,
    bench: Bench,
    speak: Speak,
    caplog: pytest.LogCaptureFixture,
    harm: Callable[[Path], Callable[[], object]],
) -> None:
    bench = replace(bench, terms=Terms(pauses=(timedelta(0),)))
    for _ in range(3):
        speak(bytes(16_000))
    folder = comments_directory(box.directory)
    come_back = harm(folder)
    assert all(work_once(bench) for _ in range(5))
    assert box.db.execute("SELECT DISTINCT state, tries, fault FROM comments").fetchall() == [("recorded", 0, None)]
    assert {record.levelno for record in caplog.records} == {logging.ERROR}
    assert len(caplog.messages) == 5
    assert caplog.messages[0].startswith(f"3 comments wait: {folder}: cannot read a recording: ")
    come_back()
    while work_once(bench):
        pass
    assert comments.count_by_state(box.db) == {CommentState.NO_SPEECH: 3}


def test_they_are_looked_for_again_after_a_pause(box: MadeUp, bench: Bench, speak: Speak) -> None:
    speak(bytes(16_000))
    take_away(comments_directory(box.directory))
    assert [work_once(bench) for _ in range(2)] == [True, False]
    assert comment_queue.queue(box.db).waiting == 1


def test_the_fault_of_many_that_are_gone_is_one(box: MadeUp, bench: Bench, speak: Speak) -> None:
    bench = replace(bench, terms=Terms(pauses=(timedelta(0),)))
    for _ in range(3):
        speak(bytes(16_000))
    for path in comments_directory(box.directory).iterdir():
        path.unlink()
    while work_once(bench):
        pass
    assert comment_queue.queue(box.db).faults == {"a recording's file is gone": 3}
