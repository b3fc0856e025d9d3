"""What has changed since an earlier span, and whether that is certain. What is not shown is not compared either."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from appliance.results.intervals import Interval, mean_difference, share_difference
from appliance.results.overview import AreaResult, Overview, QuestionResult, QuestionScore
from appliance.types import Area, Tonality

_RISK: Final = 0.05
"""That anything at all is called certain, among all that is compared at once, where nothing has changed."""


class Direction(StrEnum):
    BETTER = "better"
    WORSE = "worse"
    OTHER = "other"
    """Neither good nor bad in itself."""


@dataclass(frozen=True, slots=True)
class Change:
    """A share or a mean now, minus what it was."""

    now: float
    before: float
    n_now: int
    n_before: int
    interval: Interval
    direction: Direction
    """Which way it went, certain or not."""

    @property
    def difference(self) -> float:
        return self.now - self.before

    @property
    def certain(self) -> bool:
        return self.interval.excludes_zero

    @property
    def strength(self) -> float:
        """How far from zero, in half widths of the interval; above 1 is about certain."""
        return abs(self.difference) / ((self.interval.high - self.interval.low) / 2)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Every change that both spans have enough answers for."""

    areas: Mapping[Area, Mapping[Tonality, Change]]
    questions: Mapping[str, Change]


def compare(now: Overview, before: Overview) -> Comparison:
    """The changes of all areas and questions, the risk of a false alarm shared among them (Bonferroni)."""
    areas = [pair for pair in zip(now.areas, before.areas, strict=True) if pair[0].shares and pair[1].shares]
    earlier = {question.key: question for question in before.questions}
    questions = [
        (question, earlier[question.key])
        for question in now.questions
        if question.score and question.key in earlier and earlier[question.key].score
    ]
    confidence = 1 - _RISK / max(1, len(areas) + len(questions))
    return Comparison(
        {now.area: _area_changes(now, before, confidence) for now, before in areas},
        {now.key: _question_change(now, before, confidence) for now, before in questions},
    )


def _direction(difference: float, good: int) -> Direction:
    if difference * good == 0:
        return Direction.OTHER
    return Direction.BETTER if difference * good > 0 else Direction.WORSE


_GOOD: Final = {Tonality.POSITIVE: 1, Tonality.SKEPTICAL: 0, Tonality.NEGATIVE: -1}


def _area_changes(now: AreaResult, before: AreaResult, confidence: float) -> dict[Tonality, Change]:
    assert now.shares
    assert before.shares
    changes = {}
    for tonality in Tonality:
        a, b = now.shares[tonality], before.shares[tonality]
        interval = share_difference((a.count, a.n), (b.count, b.n), confidence)
        direction = _direction(a.value - b.value, _GOOD[tonality])
        changes[tonality] = Change(a.value, b.value, a.n, b.n, interval, direction)
    return changes


def _question_change(now: QuestionResult, before: QuestionResult, confidence: float) -> Change:
    assert now.score
    assert before.score
    interval = _score_difference(now.kind, now.score, before.score, confidence)
    direction = _direction(now.score.value - before.score.value, 1)
    return Change(now.score.value, before.score.value, now.score.n, before.score.n, interval, direction)


def _score_difference(kind: str, now: QuestionScore, before: QuestionScore, confidence: float) -> Interval:
    if kind == "yes_no":
        return share_difference((now.counts[1], now.n), (before.counts[1], before.n), confidence)
    return mean_difference(now.counts, before.counts, confidence)
