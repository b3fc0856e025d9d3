from collections.abc import Callable
from datetime import timedelta

import pytest
from made_up import MadeUp

from appliance.health import Context
from appliance.health.checks import comments as check
from appliance.store import Database, comment_queue
from appliance.store.comment_queue import CommentQueue

Box = Callable[..., Context]
EMPTY = {
    **dict.fromkeys(("waiting", "in_hand", "again", "parked"), 0),
    **dict.fromkeys(("waiting_seconds", "again_seconds"), 0.0),
    "oldest_at": None,
    "faults": {},
    "again_faults": {},
}


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What the queue shall look like."""

    def look(**figures: object) -> None:
        made = CommentQueue(**EMPTY | figures)  # type: ignore[arg-type]
        monkeypatch.setattr(comment_queue, "queue", lambda _: made)

    return look


def test_a_box_without_comments_is_well(practice: Box, db: Database) -> None:
    assert list(check.run(practice())) == []
    assert list(check.run(practice(db))) == []


@pytest.mark.parametrize(("minutes", "late"), [(29, False), (31, True)])
def test_a_comment_that_waits_half_an_hour_is_late(
    practice: Box, db: Database, queue: Callable[..., None], minutes: int, late: bool
) -> None:
    box = practice(db)
    queue(waiting=1, oldest_at=box.now - timedelta(minutes=minutes))
    assert [issue.where for issue in check.run(box)] == ["analyst"] * late


@pytest.mark.parametrize(
    ("waiting_seconds", "recorded", "heard", "behind"),
    [(601.0, 900.0, 600.0, True), (599.0, 900.0, 600.0, False), (601.0, 600.0, 900.0, False)],
)
def test_more_recorded_than_heard_is_told_once_it_makes_a_queue(
    practice: Box, db: Database, queue: Callable[..., None], monkeypatch: pytest.MonkeyPatch,
    waiting_seconds: float, recorded: float, heard: float, behind: bool,
) -> None:  # fmt: skip
    queue(waiting=9, waiting_seconds=waiting_seconds)
    monkeypatch.setattr(comment_queue, "sound_since", lambda *_: (recorded, heard))
    told = [issue.what for issue in check.run(practice(db))]
    assert told == ["more is recorded than heard: 15 and 10 minutes in the last hour"] * behind


@pytest.mark.parametrize(("count", "what"), [(1, "1 comment could"), (2, "2 comments could")])
def test_parked_comments_are_counted_with_the_reason(
    practice: Box, db: Database, queue: Callable[..., None], count: int, what: str
) -> None:
    queue(parked=count, faults={"some reason": count})
    (issue,) = check.run(practice(db))
    assert issue.what.startswith(what)
    assert issue.what.endswith(f"{count} × some reason")


def test_what_was_asked_for_again_in_vain_is_told_apart_from_the_parked(practice: Box, box: MadeUp) -> None:
    box.db["comments"].update(box.recorded(), {"state": "parked", "fault": "its own reason"})
    box.db["comments"].update(box.comment(), {"fault": "another reason"})
    parked, kept = check.run(practice(box.db))
    assert parked.what == "1 comment could not be turned into text: 1 × its own reason"
    assert kept.what == "1 comment asked for again kept the old text: 1 × another reason"
    assert kept.todo.endswith("efterklang comments again --parked")
