import json
from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import NOW, MadeUp

from appliance.results.comparison import compare
from appliance.results.overview import Overview, area_results, read_overview, response_rate
from appliance.results.report import make_report
from appliance.results.report_html import report_html
from appliance.results.report_json import report_json
from appliance.results.words import Words
from appliance.settings import MunicipalitySettings
from appliance.store.figures import Span
from appliance.types import Area, Outcome, Tonality

DAY = timedelta(days=1)
opinions = st.dictionaries(st.sampled_from(list(product(Area, Tonality))), st.integers(0, 40))


def today_and_yesterday(made: MadeUp) -> tuple[Overview, Overview]:
    return read_overview(made.db, Span(NOW, NOW + DAY)), read_overview(made.db, Span(NOW - DAY, NOW))


@given(opinions)
def test_shares_add_up_or_are_not_there(counts: dict[tuple[Area, Tonality], int]) -> None:
    for result in area_results(counts):
        n = sum(counts.get((result.area, tonality), 0) for tonality in Tonality)
        if n < 5:
            assert result.shares is None
            assert result.n is None
            continue
        assert result.shares is not None
        assert sum(share.value for share in result.shares.values()) == pytest.approx(1)
        assert all(
            0 <= share.interval.low <= share.value <= share.interval.high <= 1 for share in result.shares.values()
        )


@pytest.mark.parametrize(("n", "is_shown"), [(4, False), (5, True)])
def test_an_area_and_a_question_show_from_five_on(made: MadeUp, n: int, is_shown: bool) -> None:
    for _ in range(n):
        made.comment(opinions=[(Area.TREATMENT, Tonality.POSITIVE)])
        made.ended(given={"treatment": 4})
    overview = read_overview(made.db, Span(NOW, NOW + DAY))
    shown = {area.area for area in overview.areas if area.shares}
    assert shown == ({Area.TREATMENT} if is_shown else set())
    assert [bool(question.score) for question in overview.questions] == [is_shown]


def test_no_opinion_and_skipped_do_not_make_five(made: MadeUp) -> None:
    for _ in range(4):
        made.ended(given={"treatment": 4})
    for _ in range(10):
        made.ended(given={"knowledge": 1})
    (treatment, knowledge) = read_overview(made.db, Span(NOW, NOW + DAY)).questions
    assert treatment.score is None
    assert knowledge.score is not None


def test_what_is_hidden_on_either_side_is_not_compared(made: MadeUp) -> None:
    for moment, n in ((NOW, 30), (NOW - DAY, 4)):
        for _ in range(n):
            made.comment(opinions=[(Area.TREATMENT, Tonality.POSITIVE)], at=moment)
            made.ended(given={"treatment": 4}, at=moment)
    today, yesterday = today_and_yesterday(made)
    for now, before in ((today, yesterday), (yesterday, today)):
        comparison = compare(now, before)
        assert comparison.areas == {}
        assert comparison.questions == {}


def test_a_report_has_no_number_where_fewer_than_five_have_answered(made: MadeUp, swedish: Words) -> None:
    for _ in range(4):
        made.comment(opinions=[(Area.TREATMENT, Tonality.POSITIVE)])
        made.ended(given={"treatment": 4})
    report = make_report(made.db, MunicipalitySettings(), 2026, NOW)
    document = json.loads(report_json(report))
    assert document["areas"][2] == {"area": "treatment", "suppressed": True, "n": None, "shares": None}
    (question,) = document["questions"]
    assert {key: question[key] for key in ("suppressed", "n")} == {"suppressed": True, "n": None}
    assert "mean" not in question
    html = report_html(report, swedish)
    assert html.count("färre än fem kommentarer, visas inte") == 2 * len(Area)
    assert "färre än fem svar, visas inte" in html


def test_the_response_rate_needs_five_too(made: MadeUp) -> None:
    for _ in range(4):
        made.ended()
    made.ended(Outcome.BAD_NUMBER)
    made.queued()
    assert response_rate(read_overview(made.db, Span(NOW, NOW + DAY)).funnel) is None
    made.ended(Outcome.NO_ANSWER)
    rate = response_rate(read_overview(made.db, Span(NOW, NOW + DAY)).funnel)
    assert rate is not None
    assert (rate.count, rate.n) == (4, 5)
