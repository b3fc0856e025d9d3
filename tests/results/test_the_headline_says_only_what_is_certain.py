from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_up import NOW

from appliance.results.comparison import Direction, compare
from appliance.results.headline import HeadlineKind, make_headline
from appliance.results.overview import AreaResult, Funnel, Overview, QuestionResult, Share, _score
from appliance.results.telling import headline_text, news_text, news_title
from appliance.results.words import Words
from appliance.store.figures import AnswerCount, Span
from appliance.types import AnswerKind, Area, Tonality

MANY = Funnel(400, 100, 100, 80, 60, 60, 40, 0, 0, {})
Counts = tuple[int, int, int]
"""Positive, skeptical, negative."""


def area(which: Area, counts: Counts) -> AreaResult:
    n = sum(counts)
    shares = {tonality: Share(count, n) for tonality, count in zip(Tonality, counts, strict=True)}
    return AreaResult(which, shares if n >= 5 else None)


def question(counts: dict[int, int], kind: str = "scale", label: str = "Kunskapen") -> QuestionResult:
    given = [AnswerCount("knowledge", AnswerKind.VALUE, value, count) for value, count in counts.items()]
    return QuestionResult("knowledge", kind, {"sv": label, "en": label}, _score(kind, given))


def overview(areas: dict[Area, Counts], *questions: QuestionResult, funnel: Funnel = MANY) -> Overview:
    results = tuple(area(which, areas.get(which, (0, 0, 0))) for which in Area)
    return Overview(Span(NOW, NOW), funnel, results, questions, {})


def told(words: Words, now: Overview, before: Overview | None = None) -> str:
    return headline_text(words, make_headline(now, compare(now, before) if before else None))


@pytest.mark.parametrize(
    ("funnel", "kind"),
    [
        (Funnel(0, 0, 0, 0, 0, 0, 0, 0, 0, {}), HeadlineKind.NO_CONTACTS),
        (Funnel(3, 2, 1, 1, 0, 0, 0, 1, 1, {}), HeadlineKind.CALLS_ON),
        (Funnel(3, 2, 2, 1, 0, 0, 0, 0, 0, {}), HeadlineKind.NO_INTERVIEWS),
        (replace(MANY, interviews=4), HeadlineKind.TOO_FEW),
        (MANY, HeadlineKind.NOTHING_CERTAIN),
    ],
)
def test_where_nothing_can_be_said_it_says_why(funnel: Funnel, kind: HeadlineKind) -> None:
    assert make_headline(overview({}, funnel=funnel), None).kind is kind


def test_a_certain_worsening_is_told_with_its_figures(swedish: Words) -> None:
    now = overview({Area.WAITING_TIME: (10, 4, 46)})
    before = overview({Area.WAITING_TIME: (40, 6, 20)})
    headline = make_headline(now, compare(now, before))
    assert headline.news is not None
    assert headline_text(swedish, headline) == "Väntetiden har försämrats"  # nothing is said of it twice
    assert news_title(swedish, headline.news) == "Väntetiden har försämrats."
    text = news_text(swedish, headline.news, "veckan före").replace("\N{NO-BREAK SPACE}", " ")
    assert text == "77 % negativa kommentarer mot 30 % veckan före (60 kommentarer mot 66; skillnaden är säker)."


def test_one_thing_better_and_another_worse_are_both_told(swedish: Words) -> None:
    now = overview({Area.WAITING_TIME: (5, 0, 55), Area.TREATMENT: (50, 0, 2)})
    before = overview({Area.WAITING_TIME: (50, 0, 10), Area.TREATMENT: (10, 0, 45)})
    assert told(swedish, now, before) == "Väntetiden har försämrats, bemötandet har förbättrats"


def test_without_a_change_it_says_what_a_majority_says(swedish: Words) -> None:
    now = overview({Area.WAITING_TIME: (2, 0, 38), Area.TREATMENT: (60, 3, 2)})
    assert told(swedish, now, now) == "Bemötandet får beröm, väntetiden får kritik"


def test_a_majority_that_may_be_chance_is_not_told(swedish: Words) -> None:
    now = overview({Area.WAITING_TIME: (4, 0, 6)})
    assert told(swedish, now) == "Inget sticker ut med säkerhet"


def test_a_question_in_its_own_words_stands_in_quotes(swedish: Words) -> None:
    label = "Fick du svar på din fråga?"
    now = overview({}, question({1: 10, 2: 60}, "yes_no", label))
    before = overview({}, question({1: 60, 2: 10}, "yes_no", label))
    assert told(swedish, now, before) == "”Fick du svar på din fråga?” har försämrats"


counts = st.tuples(*[st.integers(0, 60)] * 3)


@given(st.tuples(*[counts] * 5), st.tuples(*[counts] * 5))
def test_what_is_told_as_a_change_is_certain_and_goes_that_way(
    now_counts: tuple[Counts, ...], before_counts: tuple[Counts, ...]
) -> None:
    now = overview(dict(zip(Area, now_counts, strict=True)))
    before = overview(dict(zip(Area, before_counts, strict=True)))
    headline = make_headline(now, compare(now, before))
    for news, direction in ((headline.better, Direction.BETTER), (headline.worse, Direction.WORSE)):
        if news is None:
            continue
        assert news.change.interval.excludes_zero
        assert news.change.direction is direction
        assert (news.change.difference > 0) == ((direction is Direction.BETTER) == (news.tonality is Tonality.POSITIVE))


@settings(max_examples=300)
@given(st.data())
def test_the_same_answers_are_no_change(data: st.DataObject) -> None:
    same = overview(dict(zip(Area, data.draw(st.tuples(*[counts] * 5)), strict=True)))
    headline = make_headline(same, compare(same, same))
    assert headline.news is None


def test_chance_alone_rarely_makes_news() -> None:
    """Five areas drawn twice from the same shares, 400 times: the risk of any false alarm is to stay near 5 %."""
    import numpy as np

    random = np.random.default_rng(7)
    alarms = 0
    for _ in range(400):
        draws = random.multinomial(40, [0.5, 0.15, 0.35], size=(2, 5))
        now, before = (overview(dict(zip(Area, map(tuple, side.tolist()), strict=True))) for side in draws)
        alarms += make_headline(now, compare(now, before)).news is not None
    assert alarms <= 40
