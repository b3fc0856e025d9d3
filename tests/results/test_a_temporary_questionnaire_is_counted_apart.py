import json
from dataclasses import replace
from datetime import timedelta

import pytest
from made_up import NOW, MadeUp

from appliance.results.report import YearReport, make_report
from appliance.results.report_html import report_html
from appliance.results.report_json import report_json
from appliance.results.temporary import read_temporary
from appliance.results.words import Words
from appliance.settings import MunicipalitySettings
from appliance.store import questionnaires, schedule
from appliance.store.figures import Span
from appliance.store.schedule import NewSchedule
from appliance.types import Area, Tonality

DAY = timedelta(days=1)
TODAY = Span(NOW - DAY, NOW + DAY)


def keep(made: MadeUp, text: str, kind: str = "scale", label: str = "Beskedet") -> tuple[str, int]:
    """A version of the crisis questionnaire, whose question has the key of an ordinary one; only in Swedish."""
    question = {"key": "treatment", "kind": kind, "label": {"sv": label}, "text": {"sv": text}}
    content = {"id": "vattnet", "title": "Vattnet i ån", "questions": [question]}
    version = questionnaires.freeze(made.db, "vattnet", 1, json.dumps(content))
    schedule.add(made.db, NewSchedule(("vattnet", version), (), NOW - DAY, NOW, "anna"), NOW - DAY, "kontaktcenter")
    return "vattnet", version


def report(made: MadeUp) -> YearReport:
    return make_report(made.db, MunicipalitySettings(), 2026, NOW)


def ordinary_day(made: MadeUp) -> None:
    for value in (1, 2, 3, 4, 5):
        made.ended(given={"treatment": value, "overall": 5})
        made.comment(opinions=[(Area.WAITING_TIME, Tonality.POSITIVE)])


def crisis(made: MadeUp, asked: tuple[str, int], answers: int) -> None:
    for _ in range(answers):
        made.ended(given={"treatment": 1}, asked=asked)
        made.comment(opinions=[(Area.WAITING_TIME, Tonality.NEGATIVE)], asked=asked)


def test_no_ordinary_series_changes_because_of_it(made: MadeUp) -> None:
    ordinary_day(made)
    before = report(made)
    crisis(made, keep(made, "Fick du veta nog?"), 20)
    after = report(made)
    assert (after.overview.questions, after.overview.areas) == (before.overview.questions, before.overview.areas)
    assert after.comparison == before.comparison
    assert replace(after.overview, funnel=before.overview.funnel, comment_states={}) == replace(
        before.overview, comment_states={}
    )


def test_its_own_answers_stand_in_a_section_of_their_own(made: MadeUp) -> None:
    ordinary_day(made)
    crisis(made, keep(made, "Fick du veta nog?"), 6)
    (result,) = read_temporary(made.db, TODAY)
    assert (result.id, result.title, result.interviews) == ("vattnet", "Vattnet i ån", 12)
    (question,) = result.questions
    assert question.score is not None
    assert (question.label["sv"], question.label["en"]) == ("Beskedet", "Beskedet")
    assert (question.score.value, question.score.n) == (1.0, 6)
    shares = {area.area: area.shares for area in result.areas if area.shares}
    assert list(shares) == [Area.WAITING_TIME]
    assert shares[Area.WAITING_TIME][Tonality.NEGATIVE].count == 6


def test_it_is_shown_only_where_it_was_asked(made: MadeUp) -> None:
    asked = keep(made, "Fick du veta nog?")
    ordinary_day(made)
    assert read_temporary(made.db, TODAY) == ()
    crisis(made, asked, 6)
    assert len(read_temporary(made.db, TODAY)) == 1
    assert read_temporary(made.db, Span(NOW - 9 * DAY, NOW - 8 * DAY)) == ()


def test_no_two_spans_differ_by_one_citizen(made: MadeUp) -> None:
    asked = keep(made, "Fick du veta nog?")
    for _ in range(5):
        made.ended(given={"treatment": 4}, asked=asked)
    made.ended(given={"treatment": 1}, asked=asked, at=NOW - 10 * DAY)
    week, month = (read_temporary(made.db, Span(NOW - days * DAY, NOW + DAY)) for days in (7, 28))
    assert week == month
    assert [one.interviews for one in month] == [6]


def test_fewer_than_five_are_not_shown(made: MadeUp, swedish: Words) -> None:
    asked = keep(made, "Fick du veta nog?")
    crisis(made, asked, 2)
    (result,) = read_temporary(made.db, TODAY)
    assert (result.interviews, result.questions, result.areas) == (None, (), ())
    assert "Färre än fem har svarat än" in report_html(report(made), swedish)
    (told,) = json.loads(report_json(report(made)))["temporary"]
    assert told == {
        "id": "vattnet", "title": "Vattnet i ån", "suppressed": True, "interviews": None, "questions": [], "areas": [],
    }  # fmt: skip


def test_changed_words_go_on_with_the_series_and_another_kind_does_not(made: MadeUp) -> None:
    crisis(made, keep(made, "Fick du veta nog?"), 5)
    crisis(made, keep(made, "Fick du veta allt?", label="Beskedet i dag"), 5)
    (result,) = read_temporary(made.db, TODAY)
    (question,) = result.questions
    assert question.score is not None
    assert (question.label["sv"], question.score.n) == ("Beskedet i dag", 10)
    crisis(made, keep(made, "Fick du veta nog? Ja eller nej?", kind="yes_no"), 7)
    ((changed,),) = (result.questions for result in read_temporary(made.db, TODAY))
    assert changed.score is not None
    assert (changed.kind, changed.score.n) == ("yes_no", 7)


@pytest.mark.parametrize("n", [1, 30])
def test_the_report_tells_of_it_in_both_forms(made: MadeUp, swedish: Words, n: int) -> None:
    crisis(made, keep(made, "Fick du veta nog?"), n)
    html = report_html(report(made), swedish)
    assert "Tillfällig enkät: Vattnet i ån" in html
    assert ("Beskedet" in html) == (n == 30)
