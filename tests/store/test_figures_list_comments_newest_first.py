from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from made_up import NOW, MadeUp

from appliance.store.figures import Span
from appliance.store.listing import CommentFilter, count_listed, list_comments
from appliance.types import Area, Tonality

EVERYTHING = CommentFilter(Span(NOW - timedelta(days=30), NOW + timedelta(days=1)))


@pytest.fixture
def made(tmp_path: Path) -> Iterator[MadeUp]:
    made = MadeUp(tmp_path)
    yield made
    made.db.close()


def test_the_newest_comes_first_and_pages_leave_nothing_out(made: MadeUp) -> None:
    moments = [NOW - timedelta(minutes=minute // 2) for minute in range(7)]  # some at the same moment
    expected = [made.comment(at=moment) for moment in reversed(moments)][::-1]
    listed = []
    page = list_comments(made.db, EVERYTHING, 3)
    while page:
        listed += [comment.comment_id for comment in page]
        page = list_comments(made.db, replace(EVERYTHING, older_than=listed[-1]), 3)
    assert listed == expected
    assert count_listed(made.db, replace(EVERYTHING, older_than=listed[2])) == 7


def test_a_comment_comes_with_its_queue_length_and_opinions(made: MadeUp) -> None:
    made.comment(opinions=[(Area.WAITING_TIME, Tonality.NEGATIVE)], queue="Bygg och bo")
    (comment,) = list_comments(made.db, EVERYTHING, 3)
    assert (comment.queue, comment.seconds, comment.recorded_at) == ("Bygg och bo", 1.0, NOW)
    assert [(opinion.area, opinion.tonality) for opinion in comment.opinions] == [
        (Area.WAITING_TIME, Tonality.NEGATIVE)
    ]


def test_area_and_tonality_must_meet_in_one_opinion(made: MadeUp) -> None:
    both = made.comment(opinions=[(Area.WAITING_TIME, Tonality.NEGATIVE)])
    made.comment(opinions=[(Area.WAITING_TIME, Tonality.POSITIVE), (Area.OVERALL, Tonality.NEGATIVE)])
    wanted = replace(EVERYTHING, area=Area.WAITING_TIME, tonality=Tonality.NEGATIVE)
    assert [comment.comment_id for comment in list_comments(made.db, wanted, 3)] == [both]
    assert count_listed(made.db, replace(EVERYTHING, area=Area.WAITING_TIME)) == 2


def test_what_the_analyst_has_not_heard_is_not_listed(made: MadeUp) -> None:
    made.recorded()
    assert list_comments(made.db, EVERYTHING, 3) == []
