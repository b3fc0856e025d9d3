"""The rule alone; against a real PBX in test_a_pbx_may_come_and_go."""

import random

from hypothesis import given
from hypothesis import strategies as st

from appliance.telephony.registration import Registration

MINUTE = 60.0


def next_wait(registration: Registration, now: float) -> float:
    """Seconds until it asks again, found by asking it."""
    lower, upper = 0.0, 2 * MINUTE
    assert registration.is_due(now + upper), "it never asks again"
    while upper - lower > 0.001:
        middle = (lower + upper) / 2
        lower, upper = (lower, middle) if registration.is_due(now + middle) else (middle, upper)
    return upper


def test_it_asks_at_once_and_only_once() -> None:
    registration = Registration()
    assert registration.is_due(0.0)
    registration.asked()
    assert not registration.is_due(1000.0)


@given(st.lists(st.booleans(), min_size=1, max_size=40), st.integers())
def test_the_pbx_has_us_within_a_minute_whatever_it_said_before(answers: list[bool], seed: int) -> None:
    registration = Registration(random.Random(seed))
    now = 0.0
    for active in answers:
        registration.asked()
        registration.answered(active=active, now=now)
        assert registration.is_registered is active
        wait = next_wait(registration, now)
        assert 1.0 <= wait < MINUTE
        now += wait


@given(st.integers())
def test_each_failure_doubles_the_longest_wait_up_to_a_bound(seed: int) -> None:
    registration = Registration(random.Random(seed))
    longest = [2, 4, 8, 16, 32, 50, 50, 50]
    for bound in longest:
        registration.answered(active=False, now=0.0)
        assert bound / 2 - 0.01 <= next_wait(registration, 0.0) <= bound + 0.01


def test_two_boxes_do_not_come_back_together() -> None:
    waits = set()
    for seed in range(20):
        registration = Registration(random.Random(seed))
        for _ in range(6):
            registration.answered(active=False, now=0.0)
        waits.add(round(next_wait(registration, 0.0)))
    assert len(waits) > 8


def test_a_success_forgets_the_failures() -> None:
    registration = Registration(random.Random(1))
    for _ in range(10):
        registration.answered(active=False, now=0.0)
    registration.answered(active=True, now=0.0)
    registration.answered(active=False, now=0.0)
    assert next_wait(registration, 0.0) <= 2.01
