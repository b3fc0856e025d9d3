import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.opinions import Classifier
from appliance.types import Area

MEGABYTE = 1_000_000
PATIENCE_SECONDS = 5
SWEDISH = st.lists(
    st.sampled_from(["inte", "trevlig", "kö", "hemsidan", "sådär", "men", ",", ".", "tjugo", "fem", "å", "\x00", "🙂"])
).map(" ".join)


@given(text=st.text() | SWEDISH)
def test_any_text_has_at_most_one_opinion_an_area_in_order(classifier: Classifier, text: str) -> None:
    opinions = classifier.classify(text)
    areas = [list(Area).index(opinion.area) for opinion in opinions]
    assert all(first < second for first, second in pairwise(areas))
    assert all(classifier.model.threshold - 1e-4 <= opinion.score <= 1 for opinion in opinions)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n\t ",
        "\x00\x01\x1b[2J\ufeff",
        "🙂🙃😡" * 100,
        "?!?!...",
        "شكرا جزيلا على المساعدة",
        "Minulla ei ole mitään sanottavaa, kiitos.",
        "I am very satisfied, the woman was kind.",
        "Es ist schlecht, ich bin nicht zufrieden mit dem Service und der Website.",
        "\ud800\udfff",
    ],
)
def test_what_cannot_be_read_has_no_opinion(classifier: Classifier, text: str) -> None:
    assert classifier.classify(text) == ()


@pytest.mark.parametrize("unit", ["hej ", "a", "ä\u0308", "trevlig. ", "1 ", "\x00", "-", "inte trevlig men "])
def test_a_megabyte_is_answered_at_once(classifier: Classifier, unit: str) -> None:
    text = unit * (MEGABYTE // len(unit))
    started = time.monotonic()
    for opinion in classifier.classify(text):
        assert classifier.explain(text, opinion)
    assert time.monotonic() - started < PATIENCE_SECONDS


def test_a_greeting_repeated_for_a_megabyte_is_no_opinion(classifier: Classifier) -> None:
    assert classifier.classify("hej " * (MEGABYTE // 4)) == ()


def test_what_is_said_in_the_first_minutes_counts_however_long_the_rest_is(classifier: Classifier) -> None:
    said = "Hon som svarade var trevlig och hjälpsam. "
    assert [o.area.value for o in classifier.classify(said + "\x00" * MEGABYTE)] == ["treatment"]
