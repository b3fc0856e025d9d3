import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from appliance.intake.draw import is_drawn

CONTACTS = 20_000
SEED = random.Random(20261124).randbytes(32)
PINNED = [4, 5, 6, 11, 16, 22, 24, 34, 35]
CALL_IDS = st.text(max_size=20)
SEEDS = st.binary(min_size=32, max_size=32)


def draw(share: float, seed: bytes = SEED, source: str = "csv") -> list[bool]:
    return [is_drawn(seed, source, f"call-{number}", share) for number in range(CONTACTS)]


def probability(table: Sequence[Sequence[int]]) -> float:
    """Of a table at least this lopsided where the two have nothing to do with each other (chi-square)."""
    return float(stats.chi2_contingency(table).pvalue)


def crossed(one: Sequence[bool], other: Sequence[bool]) -> list[list[int]]:
    pairs = list(zip(one, other, strict=True))
    return [[pairs.count((a, b)) for b in (False, True)] for a in (False, True)]


@pytest.mark.parametrize("share", [0.05, 0.25, 0.5, 0.9])
def test_the_share_is_met(share: float) -> None:
    drawn = sum(draw(share))
    assert stats.binomtest(drawn, CONTACTS, share).pvalue > 0.001, f"{drawn} of {CONTACTS}"


@pytest.mark.parametrize(("share", "drawn"), [(0.0, 0), (1.0, CONTACTS)])
def test_none_and_all_are_exact(share: float, drawn: int) -> None:
    assert sum(draw(share)) == drawn


def test_a_contact_s_luck_says_nothing_about_the_next_one_s() -> None:
    drawn = draw(0.25)
    before, after = zip(*pairwise(drawn), strict=True)
    assert probability(crossed(before, after)) > 0.001


def test_a_day_s_luck_says_nothing_about_another_day_s() -> None:
    assert probability(crossed(draw(0.25), draw(0.25, seed=bytes(32)))) > 0.001


def test_two_sources_with_the_same_ids_are_drawn_apart() -> None:
    assert probability(crossed(draw(0.25), draw(0.25, source="sip"))) > 0.001


def test_no_hour_of_the_day_is_favoured() -> None:
    """Call ids that count up, as a PBX gives them out: twenty stretches of the day."""
    drawn = draw(0.25)
    stretch = CONTACTS // 20
    counts = [sum(drawn[begin : begin + stretch]) for begin in range(0, CONTACTS, stretch)]
    assert stats.chisquare(counts).pvalue > 0.001, counts


def test_a_day_can_be_drawn_again_for_an_audit_years_later() -> None:
    drawn = [number for number in range(40) if is_drawn(bytes(32), "csv", f"call-{number}", 0.25)]
    assert drawn == PINNED


@given(seed=SEEDS, call_id=CALL_IDS, shares=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_a_greater_share_draws_everyone_that_a_smaller_one_does(
    seed: bytes, call_id: str, shares: tuple[float, float]
) -> None:
    smaller, greater = sorted(shares)
    assert is_drawn(seed, "csv", call_id, smaller) <= is_drawn(seed, "csv", call_id, greater)
