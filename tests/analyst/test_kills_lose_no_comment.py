"""The real process with its real models, killed again and again: at work, while it loads, anywhere."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from made_up import NOW, MadeUp
from spoken import Speak

from appliance.analyst.hearing import Bench, work_once
from appliance.store import comment_queue, comments, heard_again, processes
from appliance.store.comment_queue import DIED
from appliance.store.heard_again import Wanted
from appliance.types import CommentId, CommentState

SPOKEN = ("01-trevlig.wav", "06-inget.wav")
KILLS = 24
Found = tuple[CommentState, frozenset[tuple[str, str]]]


@contextmanager
def analyst(box: MadeUp) -> Iterator["subprocess.Popen[bytes]"]:
    command = [sys.executable, "-m", "appliance", "--storage", str(box.directory), "analyst"]
    environment = {key: value for key, value in os.environ.items() if key != "EFTERKLANG_CONFIG"}
    with subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            yield process
        finally:
            process.kill()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def leased(box: MadeUp) -> bool:
    return box.db.execute("SELECT 1 FROM comments WHERE leased_by IS NOT NULL").fetchone() is not None


def waiting(box: MadeUp) -> int:
    queue = comment_queue.queue(box.db)
    return queue.waiting + queue.again


def is_listening(box: MadeUp, pid: int) -> bool:
    return any(beat.pid == pid and beat.note == "listening" for beat in processes.all_beats(box.db))


def hear_all(box: MadeUp) -> None:
    with analyst(box) as process:
        until(lambda: is_listening(box, process.pid) and waiting(box) == 0, 120)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0


def found(box: MadeUp, comment_id: CommentId) -> Found:
    comment = comments.of_interview(box.db, box.interview_of(comment_id))
    assert comment
    return comment.state, frozenset((opinion.area, opinion.tonality) for opinion in comment.opinions)


@pytest.mark.slow
def test_every_comment_ends_in_one_state_with_one_text_and_its_opinions(
    box: MadeUp, hearing_bench: Bench, speak: Speak
) -> None:
    seed = random.randrange(10_000)
    luck = random.Random(seed)
    alone = {name: speak(name) for name in SPOKEN}
    while work_once(hearing_bench):
        pass
    expected: dict[CommentId, Found] = {}
    at_work = 0
    for _ in range(KILLS):
        for name in SPOKEN:
            expected[speak(name)] = found(box, alone[name])
        expected[speak(bytes(16_000))] = (CommentState.NO_SPEECH, frozenset())
        with analyst(box) as process:
            if luck.random() < 0.7:
                until(lambda: leased(box))
                time.sleep(luck.uniform(0, 0.3))
            else:
                time.sleep(luck.uniform(0.1, 3))
            process.kill()
        at_work += leased(box)
    assert at_work > KILLS / 4, f"seed {seed}: it was hardly ever killed at work"

    hear_all(box)
    parked = {comment_id for comment_id in expected if found(box, comment_id)[0] is CommentState.PARKED}
    assert comment_queue.queue(box.db).faults == ({DIED: len(parked)} if parked else {}), f"seed {seed}"
    heard_again.ask(box.db, Wanted(is_given_up=True), NOW)
    hear_all(box)
    assert {comment_id: found(box, comment_id) for comment_id in expected} == expected, f"seed {seed}"
    assert {box.texts_of(comment_id) for comment_id in expected} == {1}, f"seed {seed}"
    assert not leased(box)


@pytest.mark.slow
def test_a_second_analyst_does_nothing_twice(box: MadeUp, speak: Speak) -> None:
    spoken = [speak(name) for name in SPOKEN * 4]
    with analyst(box) as first:
        until(lambda: leased(box))
        with analyst(box) as second:
            until(lambda: waiting(box) == 0)
            time.sleep(1)
            assert {box.texts_of(comment_id) for comment_id in spoken} == {1}
            first.kill()
            late = speak(SPOKEN[0])
            until(lambda: waiting(box) == 0)
            second.send_signal(signal.SIGTERM)
            assert second.wait(timeout=30) == 0
    assert box.texts_of(late) == 1
