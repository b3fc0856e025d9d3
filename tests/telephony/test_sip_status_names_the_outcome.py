import pytest

from appliance.telephony.outcome import counts_as_attempt, unanswered_outcome
from appliance.types import Outcome


@pytest.mark.parametrize(
    ("status", "rang", "outcome"),
    [
        (486, True, Outcome.BUSY),
        (600, False, Outcome.BUSY),
        (480, False, Outcome.NO_ANSWER),
        (408, True, Outcome.NO_ANSWER),
        (487, True, Outcome.NO_ANSWER),
        (603, True, Outcome.REFUSED),
        (403, True, Outcome.REFUSED),
    ],
)
def test_what_the_pbx_says_of_the_citizen_becomes_the_outcome(status: int, rang: bool, outcome: Outcome) -> None:
    assert unanswered_outcome(status, rang) is outcome
    assert counts_as_attempt(outcome)


@pytest.mark.parametrize("status", [404, 410, 484, 604])
def test_a_bad_number_is_nobody_s_so_nobody_s_attempt(status: int) -> None:
    outcome = unanswered_outcome(status, rang=False)
    assert outcome is Outcome.BAD_NUMBER
    assert not counts_as_attempt(outcome)


@pytest.mark.parametrize(
    ("status", "rang"),
    [(408, False), (487, False), (503, True), (500, False), (488, False), (401, False), (403, False)],
)
def test_what_the_trunk_does_wrong_is_never_the_citizens_attempt(status: int, rang: bool) -> None:
    outcome = unanswered_outcome(status, rang)
    assert outcome is Outcome.TRUNK_FAULT
    assert not counts_as_attempt(outcome)
