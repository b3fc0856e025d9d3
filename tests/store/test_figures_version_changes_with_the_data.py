from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import NOW, MadeUp

from appliance.store import answers, comments, figures, interviews, processes
from appliance.store.answers import Answer
from appliance.store.transcripts import Transcribed
from appliance.types import AnswerKind, CommentState, Outcome

LATER = NOW + timedelta(seconds=1)


UNHEARD = Transcribed(None, None, None, None, frozenset(), "w", "", "o")


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path)
    yield made
    made.db.close()


CALL_EVENTS: dict[str, Callable[[MadeUp], object]] = {
    "a contact ended": lambda made: made.contact(),
    "an interview was queued": lambda made: made.queued(),
    "a phone rings": lambda made: made.live(),
    "an interview is over": lambda made: made.ended(Outcome.NO_ANSWER),
    "a comment was recorded": lambda made: made.recorded(),
    "a comment was understood": lambda made: made.comment(),
}


@pytest.mark.parametrize("event", CALL_EVENTS)
def test_the_version_changes_when(made: MadeUp, event: str) -> None:
    made.comment()
    before = figures.data_version(made.db)
    CALL_EVENTS[event](made)
    assert figures.data_version(made.db) != before


def test_the_version_changes_with_every_step_of_a_live_call(made: MadeUp) -> None:
    lease = made.live()
    seen = [figures.data_version(made.db)]
    steps: list[Callable[[], object]] = [
        lambda: interviews.has_answered(made.db, lease, NOW),
        lambda: interviews.has_started(made.db, lease.interview_id, NOW),
        lambda: answers.add(made.db, lease.interview_id, Answer("treatment", AnswerKind.VALUE, 4), LATER),
        lambda: interviews.close(made.db, lease.interview_id, Outcome.PARTIAL, LATER),
    ]
    for step in steps:
        step()
        seen.append(figures.data_version(made.db))
    assert len(set(seen)) == len(steps) + 1


def test_the_version_changes_when_the_analyst_finds_no_speech(made: MadeUp) -> None:
    comment_id = made.recorded()
    before = figures.data_version(made.db)
    comments.finish(made.db, comment_id, CommentState.NO_SPEECH, UNHEARD, (), LATER)
    assert figures.data_version(made.db) != before


def test_the_version_stays_while_processes_only_say_that_they_live(made: MadeUp) -> None:
    processes.begin(made.db, "web", 1, NOW)
    before = figures.data_version(made.db)
    processes.beat(made.db, "web", "well", LATER)
    assert figures.data_version(made.db) == before
