from collections.abc import Iterator
from pathlib import Path

import pytest
from full_disk import fill, small_disk
from made_up import MadeUp

from appliance.custody import opt_outs
from appliance.custody.recordings import comments_directory, encrypt_recording
from appliance.errors import CustodyError, StoreError
from appliance.settings import StorageSettings
from appliance.store import answers, database, interviews, processes, space
from appliance.store.answers import Answer
from appliance.store.integrity import faults
from appliance.store.interviews import Lease
from appliance.store.opt_outs import contains as is_opted_out
from appliance.types import AnswerKind

SECONDS_120 = bytes(120 * 16_000)


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    with small_disk(tmp_path / "disk", 80) as disk:
        made = MadeUp(disk)
        assert space.hold_reserve(disk)
        yield made
        made.db.close()


def answer_everything(made: MadeUp, lease: Lease, questions: int) -> None:
    for number in range(questions):
        answers.add(made.db, lease.interview_id, Answer(f"question {number}", AnswerKind.VALUE, 4), made.now)


def record_until_refused(made: MadeUp) -> None:
    while True:
        encrypt_recording(made.keys, made.directory, SECONDS_120)


def test_a_thousand_answers_of_live_calls_are_kept_though_not_a_byte_is_free(made: MadeUp) -> None:
    lives = [made.live() for _ in range(64)]
    fill(made.directory)
    for lease in lives:
        answer_everything(made, lease, 16)
        interviews.has_started(made.db, lease.interview_id, made.now)
    assert sum(len(answers.of_interview(made.db, lease.interview_id)) for lease in lives) == 64 * 16
    assert faults(made.db) == []


def test_without_the_reserve_they_would_be_lost(made: MadeUp) -> None:
    lease = made.live()
    space.release_reserve(made.directory)
    fill(made.directory)
    with pytest.raises(StoreError, match="database or disk is full"):
        answer_everything(made, lease, 1000)
    assert faults(made.db) == []


def test_a_disk_that_fills_in_the_very_moment_of_a_commit_loses_no_answer(
    made: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The look at the free room comes too early: then the commit itself fails, and is made again."""
    monkeypatch.setattr(database, "make_room", lambda _: None)
    lease = made.live()
    fill(made.directory)
    answer_everything(made, lease, 400)
    opt_outs.add(made.db, made.keys, lease.number_hash, "call", made.now)
    assert len(answers.of_interview(made.db, lease.interview_id)) == 400
    assert is_opted_out(made.db, lease.number_hash)


def test_comments_leave_the_room_to_the_answers(made: MadeUp) -> None:
    lease = made.live()
    fill(made.directory)
    answer_everything(made, lease, 1)
    with pytest.raises(CustodyError, match="cannot keep a recording: No space left on device"):
        record_until_refused(made)
    assert space.free_bytes(made.directory) >= space.ANSWERS_BYTES - 4096
    assert not list(comments_directory(made.directory).glob("*.draft"))
    answer_everything(made, lease, 400)


def test_the_reserve_is_held_again_when_there_is_room(made: MadeUp) -> None:
    filler = fill(made.directory)
    processes.begin(made.db, "line-1", 1, made.now)
    assert not space.hold_reserve(made.directory), "the disk is still full"
    filler.unlink()
    assert space.hold_reserve(made.directory)
    assert space.hold_reserve(made.directory), "and stays"


@pytest.mark.parametrize(
    ("mib", "percent", "short"), [(0, 0, False), (45, 0, False), (55, 0, True), (0, 45, False), (0, 50, True)]
)
def test_less_than_either_limit_is_short(made: MadeUp, mib: int, percent: float, short: bool) -> None:
    space.release_reserve(made.directory)
    storage = StorageSettings(directory=made.directory, min_free_mib=mib, min_free_percent=percent)
    fill(made.directory, leave_bytes=50 << 20 if mib else 38 << 20)  # 38 of 80 MiB are 47.5 %
    assert space.is_short(storage) == short
