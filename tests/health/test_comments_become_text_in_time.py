from collections.abc import Callable
from datetime import timedelta

import pytest

from appliance.health import Context
from appliance.health.checks import comments as check
from appliance.store import Database, comments
from appliance.store.clock import to_text
from appliance.types import CommentState

Box = Callable[..., Context]


def test_a_box_without_comments_is_well(practice: Box, db: Database) -> None:
    assert list(check.run(practice())) == []
    assert list(check.run(practice(db))) == []


@pytest.mark.parametrize(("minutes", "late"), [(29, False), (31, True)])
def test_a_comment_that_waits_half_an_hour_is_late(
    practice: Box, db: Database, monkeypatch: pytest.MonkeyPatch, minutes: int, late: bool
) -> None:
    box = practice(db)
    monkeypatch.setattr(comments, "oldest_waiting", lambda _: to_text(box.now - timedelta(minutes=minutes)))
    assert [issue.where for issue in check.run(box)] == ["analyst"] * late


@pytest.mark.parametrize(("count", "what"), [(1, "1 comment could"), (2, "2 comments could")])
def test_parked_comments_are_counted(
    practice: Box, db: Database, monkeypatch: pytest.MonkeyPatch, count: int, what: str
) -> None:
    monkeypatch.setattr(comments, "count_by_state", lambda _: {CommentState.PARKED: count})
    assert next(iter(check.run(practice(db)))).what.startswith(what)
