"""The citizens: who has which number, what they are like, what they think and say. A pure function of the number."""

import json
import random
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Final

from appliance.errors import UsageError
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.survey.questionnaire import Question, Questionnaire
from appliance.types import E164, Area, LaterTime, Tonality

COMMENTS_DIRECTORY: Final = Path(__file__).parent / "comments"
VOICEMAIL: Final = "voicemail.wav"


class Habit(StrEnum):
    """How a citizen behaves on the phone."""

    POLITE = "polite"
    """Hears every prompt to its end."""
    REGULAR = "regular"
    """Knows the survey and interrupts every prompt."""
    CHOOSY = "choosy"
    """Repeats one question, skips one, has no opinion on one, and leaves no comment."""
    CLUMSY = "clumsy"
    """Presses wrong keys first."""
    SLOW = "slow"
    """Lets the time run out once."""
    ERASES = "erases"
    """Speaks a comment and then erases it."""
    MUTE = "mute"
    """Says nothing after the tone."""
    DECLINES = "declines"
    """Presses 9."""
    PUTS_OFF = "puts_off"
    """Presses 2 and chooses a time."""
    HANGS_UP = "hangs_up"
    SILENT = "silent"
    """Picks up and does nothing."""
    BUSY = "busy"
    ABSENT = "absent"
    VOICEMAIL = "voicemail"


_ROUND: Final = (
    Habit.REGULAR, Habit.POLITE, Habit.DECLINES, Habit.CLUMSY, Habit.HANGS_UP,
    Habit.CHOOSY, Habit.REGULAR, Habit.BUSY, Habit.ERASES, Habit.HANGS_UP,
    Habit.ABSENT, Habit.REGULAR, Habit.VOICEMAIL, Habit.SLOW, Habit.HANGS_UP,
    Habit.MUTE, Habit.SILENT, Habit.REGULAR, Habit.PUTS_OFF, Habit.HANGS_UP,
)  # fmt: skip
"""Neighbouring numbers cover all habits; twenty calls meet every one."""


@dataclass(frozen=True, slots=True)
class SpokenComment:
    """A clip that ships, with what it says and the opinions that are truly in it."""

    file: str
    text: str
    opinions: frozenset[tuple[Area, Tonality]]


@dataclass(frozen=True, slots=True)
class Citizen:
    number: E164
    habit: Habit
    comment: SpokenComment
    hangs_up_at: int
    """For HANGS_UP: which step of the call, counted through all of them."""
    mood: float
    """0–1; the higher, the better the answers."""
    seed: int

    @property
    def prefers(self) -> LaterTime:
        """For PUTS_OFF: one of the times that are offered at any hour of practice."""
        times = (LaterTime.IN_AN_HOUR, LaterTime.TOMORROW_MORNING, LaterTime.TOMORROW_AFTERNOON)
        return times[self.seed // len(_ROUND) % len(times)]

    def answer_to(self, question: Question) -> int:
        """The value this citizen gives a question."""
        luck = random.Random(f"{self.seed} {question.key}")  # noqa: S311 -- a simulation, repeatable on purpose
        if question.kind == "yes_no":
            return 1 if luck.random() < 0.4 + 0.55 * self.mood else 2
        return max(1, min(5, round(luck.gauss(2.6 + 2.4 * self.mood, 0.8))))


@cache
def spoken_comments() -> tuple[SpokenComment, ...]:
    lines = (COMMENTS_DIRECTORY / "comments.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(
        SpokenComment(
            row["file"],
            row["text"],
            frozenset((Area(opinion["area"]), Tonality(opinion["tonality"])) for opinion in row["opinions"]),
        )
        for row in map(json.loads, lines)
    )


def citizen_of(number: E164) -> Citizen:
    """Who answers this number; UsageError for one that is nobody's."""
    if number not in _INDEX:
        raise UsageError(f"no citizen of the practice municipality has {number}; {FICTIONAL_NUMBERS[0]} is one's")
    index = _INDEX[number]
    luck = random.Random(index)  # noqa: S311 -- a simulation, repeatable on purpose
    comments = spoken_comments()
    return Citizen(
        number=number,
        habit=_ROUND[index % len(_ROUND)],
        comment=comments[index % len(comments)],
        hangs_up_at=index // (len(_ROUND) // 4),
        mood=luck.random() ** 0.6,
        seed=index,
    )


def steps_of(questionnaire: Questionnaire) -> tuple[str, ...]:
    """The prompts of a whole call, in order, at each of which somebody may hang up."""
    return ("greeting", "menu", *(question.prompt for question in questionnaire.questions), "comment_invite", "review")


_INDEX: Final = {number: index for index, number in enumerate(FICTIONAL_NUMBERS)}
