from datetime import datetime, timedelta

import pytest
from calendar_by_hand import local
from due_calls import OPEN, Enqueue, NewDialer
from made_up import MadeUp

from appliance.store import interviews
from appliance.types import Outcome


@pytest.mark.parametrize("at", ["2026-11-24 03:00", "2026-11-29 12:00", "2026-12-24 12:00"])
def test_it_is_made_at_once_where_others_wait(box: MadeUp, dialer: NewDialer, enqueue: Enqueue, at: str) -> None:
    now = local(at)
    waiting, wanted = enqueue(due_at=now), enqueue(due_at=now + timedelta(minutes=5))
    assert dialer().next_call(now) is None
    lease = dialer("dial-1", only=wanted).next_call(now)
    assert lease is not None
    assert lease.interview_id == wanted
    assert interviews.outcome_of(box.db, waiting)[0] == "queued"


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.NO_ANSWER, Outcome.TRUNK_FAULT, Outcome.COMPLETED])
def test_it_is_over_after_one_try(box: MadeUp, dialer: NewDialer, enqueue: Enqueue, outcome: Outcome) -> None:
    interview_id = enqueue()
    line = dialer("dial-1", only=interview_id)
    lease = line.next_call(OPEN)
    assert lease is not None
    assert line.later_choices(lease) == ()
    line.promise(lease, None)
    line.ended(lease, outcome, None, OPEN)
    assert interviews.outcome_of(box.db, interview_id) == ("over", outcome)


def test_an_ordinary_line_waits_for_the_opening(dialer: NewDialer, enqueue: Enqueue) -> None:
    enqueue(due_at=local("2026-11-24 03:00"))
    line = dialer()
    opening: datetime = local("2026-11-24 09:00")
    assert line.next_call(opening - timedelta(seconds=1)) is None
    assert line.next_call(opening) is not None
