"""The page's first sentence, by rules from tested differences: never by taste, and with nothing certain it says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from appliance.results.comparison import Change, Comparison, Direction
from appliance.results.intervals import wilson
from appliance.results.overview import MINIMUM_N, AreaResult, Overview, QuestionResult
from appliance.types import Area, Tonality

_RISK: Final = 0.05
"""That any area or question is wrongly praised or criticised, among all that are looked at."""


class HeadlineKind(StrEnum):
    """Which sentence it is; the words stand in the text catalogue."""

    NO_CONTACTS = "no_contacts"
    CALLS_ON = "calls_on"
    """Nobody has been through yet, but calls are on."""
    NO_INTERVIEWS = "no_interviews"
    TOO_FEW = "too_few"
    CHANGED = "changed"
    LEVELS = "levels"
    NOTHING_CERTAIN = "nothing_certain"


@dataclass(frozen=True, slots=True)
class Subject:
    """What a sentence is about: an area of the comments or a question."""

    area: Area | None = None
    question: QuestionResult | None = None


@dataclass(frozen=True, slots=True)
class News:
    """One certain change, with its figures."""

    subject: Subject
    change: Change
    tonality: Tonality | None = None
    """Whose share has changed, of an area."""


@dataclass(frozen=True, slots=True)
class Headline:
    """`better` and `worse` are certain changes, `praised` and `criticised` what a majority says for certain."""

    kind: HeadlineKind
    better: News | None = None
    worse: News | None = None
    praised: Subject | None = None
    criticised: Subject | None = None
    compared: bool = False
    """Whether anything could be compared with an earlier span."""

    @property
    def news(self) -> News | None:
        """The change to tell first: the clearest, and of two the worsening."""
        return self.worse or self.better


def make_headline(now: Overview, comparison: Comparison | None) -> Headline:
    funnel = now.funnel
    if funnel.contacts == 0:
        return Headline(HeadlineKind.NO_CONTACTS)
    if funnel.interviews == 0:
        return Headline(HeadlineKind.CALLS_ON if funnel.live else HeadlineKind.NO_INTERVIEWS)
    if funnel.interviews < MINIMUM_N:
        return Headline(HeadlineKind.TOO_FEW)
    better, worse = _clearest(now, comparison, Direction.BETTER), _clearest(now, comparison, Direction.WORSE)
    praised, criticised = _levels(now)
    if better or worse:
        kind = HeadlineKind.CHANGED
    elif praised or criticised:
        kind = HeadlineKind.LEVELS
    else:
        kind = HeadlineKind.NOTHING_CERTAIN
    compared = comparison is not None and bool(comparison.areas or comparison.questions)
    return Headline(kind, better, worse, praised, criticised, compared)


def _clearest(now: Overview, comparison: Comparison | None, direction: Direction) -> News | None:
    """The certain change in one direction that lies farthest outside its margin."""
    if comparison is None:
        return None
    asked = {question.key: question for question in now.questions}
    found = [
        News(Subject(question=asked[key]), change)
        for key, change in comparison.questions.items()
        if change.certain and change.direction is direction
    ]
    found += _of_areas(comparison, direction)
    return max(found, key=lambda news: news.change.strength, default=None)


_TOLD_BY: Final = {
    Direction.BETTER: (Tonality.POSITIVE, Tonality.NEGATIVE),
    Direction.WORSE: (Tonality.NEGATIVE, Tonality.POSITIVE),
}


def _of_areas(comparison: Comparison, direction: Direction) -> Iterator[News]:
    """One certain change an area: what got worse is told by its negative share, where that is certain."""
    for area, changes in comparison.areas.items():
        for tonality in _TOLD_BY[direction]:
            if changes[tonality].certain and changes[tonality].direction is direction:
                yield News(Subject(area=area), changes[tonality], tonality)
                break


def _levels(now: Overview) -> tuple[Subject | None, Subject | None]:
    """What more than half praise, and what more than half criticise, each for certain."""
    areas = [area for area in now.areas if area.shares]
    questions = [question for question in now.questions if question.score]
    confidence = 1 - _RISK / max(1, len(areas) + len(questions))
    good = [(Subject(area=area.area), *_of_area(area, Tonality.POSITIVE)) for area in areas]
    good += [(Subject(question=question), *_of_question(question, good=True)) for question in questions]
    bad = [(Subject(area=area.area), *_of_area(area, Tonality.NEGATIVE)) for area in areas]
    bad += [(Subject(question=question), *_of_question(question, good=False)) for question in questions]
    return _surest(good, confidence), _surest(bad, confidence)


def _of_area(area: AreaResult, tonality: Tonality) -> tuple[int, int]:
    assert area.shares
    return area.shares[tonality].count, area.shares[tonality].n


def _of_question(question: QuestionResult, *, good: bool) -> tuple[int, int]:
    """How many gave a 4 or 5 (yes), or a 1 or 2 (no), of how many."""
    assert question.score
    values = ((1,) if good else (2,)) if question.kind == "yes_no" else ((4, 5) if good else (1, 2))
    return sum(question.score.counts[value] for value in values), question.score.n


def _surest(candidates: Iterable[tuple[Subject, int, int]], confidence: float) -> Subject | None:
    """The one whose share is surest to be above a half."""
    bounds = [(wilson(count, n, confidence).low, subject) for subject, count, n in candidates]
    low, subject = max(bounds, key=lambda pair: pair[0], default=(0.0, None))
    return subject if low > 0.5 else None
