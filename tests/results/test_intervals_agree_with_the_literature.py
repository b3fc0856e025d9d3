import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from appliance.results.intervals import (
    mean,
    mean_difference,
    mean_interval,
    share_difference,
    student,
    wilson,
)

counts_of_a_share = st.integers(1, 5000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
answers = st.lists(st.integers(1, 5), min_size=5, max_size=60)


def counted(values: list[int]) -> dict[int, int]:
    return {value: values.count(value) for value in range(1, 6)}


@given(counts_of_a_share, st.sampled_from([0.8, 0.95, 0.995]))
def test_wilson_is_scipy_s(share: tuple[int, int], confidence: float) -> None:
    expected = stats.binomtest(*share).proportion_ci(confidence, method="wilson")
    found = wilson(*share, confidence)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(counts_of_a_share)
def test_wilson_holds_the_share_and_stays_between_0_and_1(share: tuple[int, int]) -> None:
    found = wilson(*share)
    assert 0 <= found.low <= share[0] / share[1] <= found.high <= 1


def test_nothing_asked_may_be_anything() -> None:
    assert (wilson(0, 0).low, wilson(0, 0).high) == (0, 1)


@pytest.mark.parametrize(
    ("now", "before", "low", "high"),
    [((56, 70), (48, 80), 0.0524, 0.3339), ((9, 10), (3, 10), 0.1705, 0.8090), ((10, 10), (0, 20), 0.6791, 1.0)],
)
def test_the_difference_of_shares_is_newcombe_s(
    now: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    """Newcombe 1998, table II, method 10, contrasts (a), (b), (g)."""
    found = share_difference(now, before)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize("degrees", [4, 5, 8, 20, 100])
def test_student_s_t_is_scipy_s_within_a_per_cent(degrees: int) -> None:
    assert student(degrees, 0.95) == pytest.approx(stats.t.ppf(0.975, degrees), rel=0.01)


def test_the_interval_of_a_mean_is_the_textbook_s() -> None:
    values = [5] * 12 + [4] * 9 + [3] * 5 + [2] * 3 + [1]
    expected = stats.ttest_1samp(values, 0).confidence_interval(0.95)
    found = mean_interval(counted(values), 1, 5)
    assert mean(counted(values)) == pytest.approx(sum(values) / len(values))
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-3)


def test_the_difference_of_means_is_welch_s() -> None:
    now, before = [5] * 12 + [4] * 9 + [1] * 4, [5] * 3 + [4] * 9 + [3] * 9 + [2] * 9
    expected = stats.ttest_ind(now, before, equal_var=False).confidence_interval(0.99)
    found = mean_difference(counted(now), counted(before), 0.99)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), rel=1e-3)


@given(answers)
def test_a_mean_lies_in_its_interval_on_the_scale(values: list[int]) -> None:
    found = mean_interval(counted(values), 1, 5)
    assert 1 <= found.low <= mean(counted(values)) + 1e-12
    assert mean(counted(values)) - 1e-12 <= found.high <= 5


@given(answers, answers)
def test_differences_are_the_same_both_ways_round(now: list[int], before: list[int]) -> None:
    there, back = mean_difference(counted(now), counted(before)), mean_difference(counted(before), counted(now))
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_five_equal_answers_are_no_certainty() -> None:
    assert not mean_difference(counted([5] * 5), counted([4] * 5), 0.995).excludes_zero
