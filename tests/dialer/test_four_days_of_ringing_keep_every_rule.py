"""Four lines, many citizens and a clock that jumps, from before a holiday until after it."""

import random
from collections import Counter
from datetime import datetime, timedelta

import pytest
from calendar_by_hand import CLOSED, STOCKHOLM, local
from due_calls import Enqueue, NewDialer
from made_up import MadeUp

from appliance.custody import opt_outs
from appliance.custody.sealing import hash_number
from appliance.store import interviews
from appliance.store.interviews import Lease
from appliance.types import E164, InterviewId, Outcome

BEGIN = local("2026-10-29 08:00")
"""The Thursday before All Saints' Eve."""
TURNS = 700
CITIZENS = 190
FAILURES = (Outcome.BUSY, Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.TRUNK_FAULT)


class Town:
    """Rings at random and remembers each ring."""

    def __init__(self, box: MadeUp, dialer: NewDialer, luck: random.Random) -> None:
        self.rang: list[tuple[datetime, InterviewId]] = []
        self.due: dict[InterviewId, datetime] = {}
        self.out: set[InterviewId] = set()
        self._box = box
        self._luck = luck
        self._lines = [dialer(f"line-{number}") for number in range(4)]
        self._live: list[tuple[int, Lease]] = []

    def fill(self, enqueue: Enqueue) -> None:
        for number in range(CITIZENS):
            e164 = E164(f"+467017406{number % 95 + 5:02}")
            due_at = BEGIN + timedelta(minutes=self._luck.randint(-600, 6_000))
            interview_id = enqueue(e164, due_at)
            self.due[interview_id] = due_at
            if number % 5 == 0:
                opt_outs.add(self._box.db, self._box.keys, hash_number(self._box.keys, e164), "call", BEGIN)
                self.out.add(interview_id)

    def turn(self, now: datetime) -> None:
        number = self._luck.randrange(4)
        if lease := self._lines[number].next_call(now):
            self._live.append((number, lease))
            if self._luck.random() < 0.8:
                interviews.has_rung(self._box.db, lease, now)
                self.rang.append((now, lease.interview_id))
        while self._live and self._luck.random() < 0.6:
            number, lease = self._live.pop()
            outcome = self._luck.choice(FAILURES if self._luck.random() < 0.8 else list(Outcome))
            self._lines[number].ended(lease, outcome, None, now)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_four_days_of_ringing_keep_every_rule(box: MadeUp, dialer: NewDialer, enqueue: Enqueue, seed: int) -> None:
    box.db.execute("PRAGMA synchronous = OFF")  # no power cut is meant here
    luck = random.Random(seed)
    town = Town(box, dialer, luck)
    town.fill(enqueue)
    now = BEGIN
    for _ in range(TURNS):
        now += timedelta(minutes=luck.choice([*[11] * 8, 60, -60]))
        town.turn(now)

    assert len(town.rang) > 40
    assert max(Counter(interview_id for _, interview_id in town.rang).values()) == 3
    for at, interview_id in town.rang:
        here = at.astimezone(STOCKHOLM)
        assert here.date() not in CLOSED, here
        assert 9 <= here.hour < 20, here
        assert here.weekday() < 6, here
        assert interview_id not in town.out
        assert town.due[interview_id] <= at <= town.due[interview_id] + timedelta(hours=48)
    kept = "SELECT count(*) FROM interviews WHERE state IN ('over', 'expired') AND number_sealed IS NOT NULL"
    assert box.db.execute(kept).fetchone()[0] == 0
