from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from made_up import MadeUp
from spoken import Speak

from appliance.analyst import worker
from appliance.analyst.hearing import Bench, work_once
from appliance.errors import StoreError
from appliance.settings import Settings
from appliance.speech.engine import Engine
from appliance.speech.transcript import Heard, Piece, Word
from appliance.store import comment_queue, comments, processes
from appliance.store.comment_queue import Terms
from appliance.types import CommentState

POISON_SAMPLES = 16_000 * 6
SHORT, LONG = "01-trevlig.wav", "06-inget.wav"


class Choosy:
    """Hears one word in everything, and falls over what is long."""

    longest_seconds = 27.0
    is_modest = False

    def __init__(self, most_samples: float) -> None:
        self.most_samples = most_samples
        self.groups: list[int] = []

    def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
        self.groups.append(len(pieces))
        if any(len(piece.samples) > self.most_samples for piece in pieces):
            raise ValueError("what it says may be anything")
        said = [range(1 + int(2 * piece.spoken_seconds)) for piece in pieces]
        return [Heard(tuple(Word(f"bra{number}", 0.9) for number in each), language, -0.1) for each in said]


@pytest.fixture
def lengths(bench: Bench, speak: Speak) -> list[int]:
    """Of the short and the long comment, in samples of what is recognised."""
    seen: list[int] = []

    class Measuring(Choosy):
        def recognise(self, pieces: Sequence[Piece], language: str, *, is_careful: bool = False) -> list[Heard]:
            seen.extend(len(piece.samples) for piece in pieces)
            return super().recognise(pieces, language, is_careful=is_careful)

    speak(SHORT), speak(LONG)
    assert work_once(replace(bench, engine=Engine("measuring", "", ("sv",), Measuring(float("inf")))))
    return seen


def test_it_is_tried_alone_and_parked_and_the_others_are_heard(
    box: MadeUp, bench: Bench, speak: Speak, lengths: list[int], caplog: pytest.LogCaptureFixture
) -> None:
    short, long = lengths
    assert short != long
    ears = Choosy(max(short, long) - 1)
    bench = replace(bench, engine=Engine("choosy", "", ("sv",), ears), terms=Terms(pauses=(timedelta(0),)))
    names = (SHORT, LONG) if short > long else (LONG, SHORT)
    (poison, *others) = (speak(name) for name in (*names, names[1]))
    while work_once(bench):
        pass
    assert ears.groups == [3, 1, 1, 1, 1]
    states = {row[0]: row[1] for row in box.db.execute("SELECT id, state FROM comments")}
    assert states[poison] == CommentState.PARKED
    assert {states[other] for other in others} == {CommentState.DONE}
    assert comment_queue.queue(box.db).faults == {"unexpected ValueError": 1}
    assert "anything" not in caplog.text, "an error's own words may hold a citizen's"


def test_the_box_s_own_faults_cost_no_try(
    box: MadeUp, bench: Bench, settings: Settings, speak: Speak, monkeypatch: pytest.MonkeyPatch
) -> None:
    comment_id = speak(bytes(16_000))
    finish, faults = comments.finish, iter(range(5))

    def full(*arguments: object) -> bool:
        if next(faults, None) is not None:
            raise StoreError("cannot write to the database: database or disk is full")
        return finish(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(comments, "finish", full)
    monkeypatch.setattr(worker, "_STORE_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(worker, "_load", lambda *_: (replace(bench, worker=worker._name()), "listening"))
    left = iter(range(10))
    worker.run(box.db, box.keys, settings, lambda: next(left, None) is None)
    assert next(faults, None) is None
    row = box.db.execute("SELECT state, tries, fault FROM comments WHERE id = ?", (comment_id,)).fetchone()
    assert row == (CommentState.NO_SPEECH, 1, None)
    assert processes.all_beats(box.db) == []
