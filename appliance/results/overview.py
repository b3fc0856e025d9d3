"""What a span of time gave: the funnel, each question, each area. Fewer than five is not shown to anyone."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from appliance.results.intervals import Interval, mean, mean_interval, wilson
from appliance.store import figures, questionnaires
from appliance.store.database import Database
from appliance.store.figures import AnswerCount, Span
from appliance.types import AnswerKind, Area, CommentState, Outcome, Tonality

MINIMUM_N: Final = 5
"""A share or a mean of fewer answers than this is not shown (law.md L4)."""


@dataclass(frozen=True, slots=True)
class Funnel:
    """From the citizens' calls to their comments; each number is a part of the one before."""

    contacts: int
    drawn: int
    rung: int
    reached: int
    started: int
    interviews: int
    """Completed or partial."""
    comments: int
    queued: int
    live: int
    outcomes: Mapping[Outcome, int]

    @property
    def eligible(self) -> int:
        """Drawn, and neither still to be rung nor found to be no number."""
        return self.drawn - self.queued - self.live - self.outcomes.get(Outcome.BAD_NUMBER, 0)


@dataclass(frozen=True, slots=True)
class Share:
    """A part of n, with its 95 % interval."""

    count: int
    n: int

    @property
    def value(self) -> float:
        return self.count / self.n

    @property
    def interval(self) -> Interval:
        return wilson(self.count, self.n)


@dataclass(frozen=True, slots=True)
class AreaResult:
    """What the comments think of one area; no shares where fewer than five comments speak of it."""

    area: Area
    shares: Mapping[Tonality, Share] | None

    @property
    def n(self) -> int | None:
        """Comments about the area; None where that is fewer than five."""
        return self.shares[Tonality.POSITIVE].n if self.shares else None


@dataclass(frozen=True, slots=True)
class QuestionScore:
    """The answers to one question: of `scale` a mean 1–5, of `yes_no` the share of yes."""

    value: float
    interval: Interval
    counts: Mapping[int, int]
    """How many gave each valid value, zeros included."""
    no_opinion: int
    skipped: int

    @property
    def n(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class QuestionResult:
    """One question as it was asked; no score where fewer than five answered."""

    key: str
    kind: str
    label: Mapping[str, str]
    """By language."""
    score: QuestionScore | None


@dataclass(frozen=True, slots=True)
class Overview:
    span: Span
    funnel: Funnel
    areas: tuple[AreaResult, ...]
    questions: tuple[QuestionResult, ...]
    comment_states: Mapping[CommentState, int]


def read_overview(db: Database, span: Span) -> Overview:
    """Everything about one span, read at one moment.

    Areas and questions are those of the ordinary questionnaire, so that a temporary one changes no series; the funnel
    is of all calls.
    """
    with db.atomic():
        counts = figures.count_answers(db, span)
        states = figures.count_comments(db, span)
        return Overview(
            span,
            _funnel(db, span, sum(states.values())),
            area_results(figures.count_opinions(db, span)),
            question_results(db, counts),
            states,
        )


def _funnel(db: Database, span: Span, comments: int) -> Funnel:
    contacts, drawn = figures.count_contacts(db, span)
    went = figures.count_interviews(db, span)
    interviews = went.outcomes.get(Outcome.COMPLETED, 0) + went.outcomes.get(Outcome.PARTIAL, 0)
    return Funnel(
        contacts,
        drawn,
        went.rung,
        went.reached,
        went.started,
        interviews,
        comments,
        went.queued,
        went.live,
        went.outcomes,
    )


def response_rate(funnel: Funnel) -> Share | None:
    """Interviews, partial ones too, of all eligible (AAPOR's response rate 2); None below five."""
    return Share(funnel.interviews, funnel.eligible) if funnel.eligible >= MINIMUM_N else None


def funnel_steps(funnel: Funnel) -> list[tuple[str, int, int | None]]:
    """Each step that the page shows: its name, its number, and the number it is a share of (None below five)."""
    steps = [
        ("contacts", funnel.contacts),
        ("drawn", funnel.drawn),
        ("rung", funnel.rung),
        ("reached", funnel.reached),
        ("interviews", funnel.interviews),
        ("comments", funnel.comments),
    ]
    earlier = [0, *(n for _, n in steps)]
    return [(name, n, of if of >= MINIMUM_N else None) for (name, n), of in zip(steps, earlier, strict=False)]


def area_results(opinions: Mapping[tuple[Area, Tonality], int]) -> tuple[AreaResult, ...]:
    results = []
    for area in Area:
        counts = {tonality: opinions.get((area, tonality), 0) for tonality in Tonality}
        n = sum(counts.values())
        shares = {tonality: Share(count, n) for tonality, count in counts.items()} if n >= MINIMUM_N else None
        results.append(AreaResult(area, shares))
    return tuple(results)


def question_results(db: Database, counts: Sequence[AnswerCount]) -> tuple[QuestionResult, ...]:
    """The questions that were answered, in the words and order of the newest version that has them.

    A series goes on by key through all versions, in whatever words, as long as it is of the same kind.
    """
    answered = {count.question for count in counts}
    ids = {count.version[0] for count in counts if count.version}
    kinds: dict[tuple[tuple[str, int], str], str] = {}
    newest: dict[str, Mapping[str, Any]] = {}
    for content in map(json.loads, questionnaires.contents(db)):
        for question in content["questions"] if content["id"] in ids else ():
            kinds[(content["id"], content["version"]), question["key"]] = question["kind"]
            if question["key"] in answered:
                newest.setdefault(question["key"], question)
    results = []
    for key, question in newest.items():
        given = [
            n for n in counts if n.question == key and n.version and kinds.get((n.version, key)) == question["kind"]
        ]
        label = {"en": question["label"]["sv"], **question["label"]}
        results.append(QuestionResult(key, question["kind"], label, _score(question["kind"], given)))
    return tuple(results)


def _score(kind: str, given: Sequence[AnswerCount]) -> QuestionScore | None:
    values = (1, 2) if kind == "yes_no" else (1, 2, 3, 4, 5)
    counts = dict.fromkeys(values, 0)
    others = {AnswerKind.NO_OPINION: 0, AnswerKind.SKIPPED: 0}
    for row in given:
        if row.kind is AnswerKind.VALUE and row.value in counts:
            counts[row.value] += row.count
        elif row.kind in others:
            others[row.kind] += row.count
    n = sum(counts.values())
    if n < MINIMUM_N:
        return None
    if kind == "yes_no":
        value, interval = counts[1] / n, wilson(counts[1], n)
    else:
        value, interval = mean(counts), mean_interval(counts, values[0], values[-1])
    return QuestionScore(value, interval, counts, others[AnswerKind.NO_OPINION], others[AnswerKind.SKIPPED])
