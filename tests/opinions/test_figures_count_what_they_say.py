import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.opinions.training.figures import calibration_error, figures, intervals

LABELS = st.lists(st.lists(st.integers(0, 3), min_size=5, max_size=5), min_size=1, max_size=20).map(np.array)


def test_an_example_by_hand() -> None:
    gold = np.array([[1, 0, 2, 0, 0], [0, 0, 0, 0, 0], [3, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    told = np.array([[1, 0, 1, 0, 0], [0, 0, 0, 0, 3], [0, 0, 0, 0, 0], [0, 0, 0, 0, 0]])
    found = figures(gold, told)
    assert found["opinion_f1"] == pytest.approx(2 * 1 / (3 + 3))
    assert found["area_f1"] == pytest.approx(2 * 2 / (3 + 3))
    assert found["tonality_f1"] == pytest.approx((2 / 3 + 0 + 1) / 3)
    assert found["empty_recall"] == 0.5


@given(gold=LABELS)
def test_the_truth_scores_one(gold: np.ndarray) -> None:
    assert set(figures(gold, gold).values()) == {1.0}


def test_the_value_lies_in_its_interval() -> None:
    draw = np.random.default_rng(3)
    gold = draw.integers(0, 4, (200, 5))
    told = np.where(draw.random((200, 5)) < 0.7, gold, draw.integers(0, 4, (200, 5)))
    for name, (low, high) in intervals(gold, told).items():
        assert low <= figures(gold, told)[name] <= high


def test_scores_that_tell_the_share_right_have_no_calibration_error() -> None:
    gold = np.array([[1] * 3 + [2] * 2] * 10)
    told = np.ones_like(gold)
    probabilities = np.zeros((10, 5, 4))
    probabilities[:, :, 1] = 0.6
    assert calibration_error(gold, told, probabilities) == pytest.approx(0)
    probabilities[:, :, 1] = 0.95
    assert calibration_error(gold, told, probabilities) == pytest.approx(0.35)
