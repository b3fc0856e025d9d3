"""The comparison: what the box stored against what each citizen did."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Final

import jiwer

from appliance.practice.deeds import Answers, Deeds, Expected, got_through
from appliance.practice.people import Citizen
from appliance.types import Area, CommentState, LaterTime, Outcome, Tonality

_PLAIN: Final[Any] = jiwer.Compose(
    [
        jiwer.ToLowerCase(),
        jiwer.RemovePunctuation(),  # type: ignore[no-untyped-call]  # jiwer leaves this one bare
        jiwer.RemoveMultipleSpaces(),
        jiwer.Strip(),
        jiwer.ReduceToListOfListOfWords(),
    ]
)


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the store for one interview; comment None where there is none."""

    outcome: Outcome | None
    answers: Answers
    comment: CommentState | None
    text: str | None
    opinions: frozenset[tuple[Area, Tonality]]
    later: LaterTime | None = None
    """The time at which the citizen is to be rung instead."""


@dataclass
class Tally:
    """The whole run in figures; every difference in one line, with no more of a citizen than the last digits."""

    calls: int
    outcomes: Counter[str] = field(default_factory=Counter)
    answers_expected: int = 0
    answers_right: int = 0
    comments_expected: int = 0
    comments_transcribed: int = 0
    opinions_expected: int = 0
    opinions_found: int = 0
    opinions_right: int = 0
    said: list[str] = field(default_factory=list)
    read: list[str] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)

    @property
    def word_error_rate(self) -> float | None:
        """Over all comments that were spoken to their end; None where none was."""
        if not self.said:
            return None
        return float(jiwer.wer(self.said, self.read, reference_transform=_PLAIN, hypothesis_transform=_PLAIN))

    def as_json(self, seconds: float) -> dict[str, Any]:
        rate = self.word_error_rate
        return {
            "calls": self.calls,
            "outcomes": dict(sorted(self.outcomes.items())),
            "answers_expected": self.answers_expected,
            "answers_right": self.answers_right,
            "comments_expected": self.comments_expected,
            "comments_transcribed": self.comments_transcribed,
            "opinions": self.opinions_found,
            "opinions_expected": self.opinions_expected,
            "opinions_right": self.opinions_right,
            "word_error_rate": None if rate is None else round(rate, 3),
            "seconds": seconds,
            "differences": self.differences,
        }


def compare(citizen: Citizen, deeds: Deeds, wanted: Expected, found: Found, tally: Tally) -> None:
    """Add one call to the tally."""
    who = f"{citizen.habit} citizen …{citizen.number[-3:]}"
    tally.outcomes[found.outcome or ("later" if found.later else "none")] += 1
    if found.outcome != wanted.outcome:
        tally.differences.append(f"{who}: outcome {found.outcome}, expected {wanted.outcome}")
    if found.later != wanted.later:
        tally.differences.append(f"{who}: to be rung {found.later}, expected {wanted.later}")
    if not got_through(citizen, wanted):
        tally.differences.append(f"{who}: did not get through the call (heard {', '.join(deeds.heard) or 'nothing'})")
    _compare_answers(who, wanted.answers, found.answers, tally)
    _compare_comments(who, wanted, found, deeds, tally)


def _compare_answers(who: str, wanted: Answers, found: Answers, tally: Tally) -> None:
    tally.answers_expected += len(wanted)
    for question in sorted(wanted.keys() | found.keys()):
        if wanted.get(question) == found.get(question):
            tally.answers_right += 1
        else:
            tally.differences.append(f"{who}: {question} is {found.get(question)}, expected {wanted.get(question)}")


def _compare_comments(who: str, wanted: Expected, found: Found, deeds: Deeds, tally: Tally) -> None:
    if wanted.comment is None:
        if found.comment is not None and not deeds.hung_up:
            tally.differences.append(f"{who}: a comment ({found.comment}) that was not given")
        return
    tally.comments_expected += 1
    if found.comment is not CommentState.DONE:
        tally.differences.append(f"{who}: the comment is {found.comment or 'missing'}, expected done")
        return
    tally.comments_transcribed += 1
    tally.said.append(wanted.comment.text)
    tally.read.append(found.text or "")
    tally.opinions_expected += len(wanted.comment.opinions)
    tally.opinions_found += len(found.opinions)
    tally.opinions_right += len(found.opinions & wanted.comment.opinions)
