"""A year small enough to count by hand."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from made_up import NOW, MadeUp

from appliance.results.report import YearReport, make_report
from appliance.results.report_html import report_html
from appliance.results.report_json import report_json
from appliance.results.words import Words
from appliance.settings import MunicipalitySettings
from appliance.types import AnswerKind, Area, Outcome, Tonality

LAST_YEAR = datetime(2025, 6, 2, 12, tzinfo=UTC)
# Still 31 December in UTC, but the year has begun in Stockholm; and the other way round a year later.
FIRST_MINUTE = datetime(2025, 12, 31, 23, 1, tzinfo=UTC)
NEXT_YEAR = datetime(2026, 12, 31, 23, 1, tzinfo=UTC)


@pytest.fixture
def report(made: MadeUp) -> YearReport:
    """Waiting time: in 2026 6 positive and 2 negative, in 2025 4 positive and 6 negative; treatment: 3 skeptical."""
    for tonality, n, moment in (
        (Tonality.POSITIVE, 6, FIRST_MINUTE),
        (Tonality.NEGATIVE, 2, NOW),
        (Tonality.POSITIVE, 4, LAST_YEAR),
        (Tonality.NEGATIVE, 6, LAST_YEAR),
        (Tonality.NEGATIVE, 50, NEXT_YEAR),
    ):
        for _ in range(n):
            made.comment(opinions=[(Area.WAITING_TIME, tonality)], at=moment)
    for _ in range(3):
        made.comment(opinions=[(Area.TREATMENT, Tonality.SKEPTICAL)])
    for value in (1, 2, 3, 4, 5, 5, 5, 5):
        made.ended(given={"treatment": value, "got_answer": 1 if value > 2 else 2})
    made.ended(Outcome.PARTIAL, given={"treatment": AnswerKind.NO_OPINION, "got_answer": AnswerKind.SKIPPED})
    for value in (3, 3, 4, 4, 4):
        made.ended(at=LAST_YEAR, given={"treatment": value})
    for outcome in (Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.REFUSED, Outcome.BAD_NUMBER):
        made.ended(outcome)
    made.queued()
    made.contact()
    return make_report(made.db, MunicipalitySettings(), 2026, NOW)


@pytest.fixture
def document(report: YearReport) -> Any:
    return json.loads(report_json(report))


def test_response(document: Any) -> None:
    response = document["response"]
    # 8 + 3 comments, 9 interviews, 4 others, 1 queued, 1 not drawn
    assert {
        key: response[key] for key in ("contacts", "drawn", "rung", "reached", "started", "interviews", "comments")
    } == {
        "contacts": 26,
        "drawn": 25,
        "rung": 24,
        "reached": 21,
        "started": 20,
        "interviews": 20,
        "comments": 11,
    }
    # neither the queued one nor the bad number is eligible: 20 of 23
    assert (response["rate"]["n"], response["rate"]["share"]) == (23, 0.8696)
    assert response["outcomes"]["no_answer"] == 2
    assert response["year_before"]["share"] == 1.0


def test_areas(document: Any) -> None:
    waiting = next(area for area in document["areas"] if area["area"] == "waiting_time")
    assert waiting["n"] == 8
    shares = {
        tonality: (share["share"], share["change_points"]["difference"])
        for tonality, share in waiting["shares"].items()
    }
    assert shares == {"positive": (0.75, 35.0), "skeptical": (0.0, 0.0), "negative": (0.25, -35.0)}
    assert waiting["shares"]["positive"]["change_points"]["certain"] is False
    assert [area["area"] for area in document["areas"] if not area["suppressed"]] == ["waiting_time"]


def test_questions(document: Any) -> None:
    treatment, got_answer = document["questions"]
    assert (treatment["key"], treatment["n"], treatment["mean"]) == ("treatment", 8, 3.75)
    assert treatment["distribution"] == {"1": 1, "2": 1, "3": 1, "4": 1, "5": 4}
    assert (treatment["no_opinion"], treatment["skipped"]) == (1, 0)
    assert treatment["change"]["difference"] == pytest.approx(3.75 - 3.6)
    assert (got_answer["share_yes"], got_answer["skipped"], got_answer["change_points"]) == (0.75, 1, None)


def test_the_html_says_the_same_and_needs_nothing_else(report: YearReport, swedish: Words, english: Words) -> None:
    html = report_html(report, swedish)
    for figure in ("87 %", "75 %", "+35", "−35", "3,8", "Exempelköping 2026"):
        assert figure in html.replace("\N{NO-BREAK SPACE}", " "), figure
    assert "3.8" in report_html(report, english)
    for reference in ("http://", "https://", " src=", "<link", "<script", "url("):
        assert reference not in html


def test_a_year_without_contacts_is_a_report_too(made: MadeUp, swedish: Words) -> None:
    report = make_report(made.db, MunicipalitySettings(), 2024, NOW)
    document = json.loads(report_json(report))
    assert document["response"]["contacts"] == 0
    assert document["response"]["rate"] is None
    assert "Inga svar det här året." in report_html(report, swedish)
