"""What a citizen really did in a call, and what the box must therefore have stored."""

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

from appliance.practice.people import Citizen, Habit, SpokenComment
from appliance.survey.questionnaire import Questionnaire
from appliance.types import E164, AnswerKind, LaterTime, Outcome


@dataclass
class Deeds:
    """One call, from the citizen's side."""

    number: E164
    heard: list[str] = field(default_factory=list)
    pressed: list[tuple[str, str]] = field(default_factory=list)
    """Prompt and key, in order."""
    spoke: bool = False
    """The comment was spoken to its end."""
    hung_up: bool = False


Answers = dict[str, tuple[AnswerKind, int | None]]
"""What became of each question."""


@dataclass(frozen=True, slots=True)
class Expected:
    outcome: Outcome | None
    """None: the citizen is to be rung once more."""
    answers: Answers
    comment: SpokenComment | None
    later: LaterTime | None = None
    """When the citizen asked to be rung instead."""


def append_deeds(path: Path, deeds: Deeds) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(json.dumps(asdict(deeds)) + "\n")


def read_deeds(path: Path) -> dict[E164, Deeds]:
    """By number, the last call of each; empty where there is no such file yet."""
    if not path.exists():
        return {}
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {
        E164(row["number"]): Deeds(**{**row, "pressed": [(prompt, key) for prompt, key in row["pressed"]]})
        for row in rows
    }


def expected(citizen: Citizen, deeds: Deeds, questionnaire: Questionnaire) -> Expected:
    """Derived from what was done, not from what the box says it heard."""
    unanswered = {Habit.BUSY: Outcome.BUSY, Habit.ABSENT: Outcome.NO_ANSWER, Habit.VOICEMAIL: Outcome.VOICEMAIL}
    if citizen.habit in unanswered:
        return Expected(unanswered[citizen.habit], {}, None)
    keys = {key for prompt, key in deeds.pressed if prompt in {"greeting", "menu"}}
    if "2" in keys:
        chosen = [when for when in LaterTime if any(prompt == f"later_{when}" for prompt, _ in deeds.pressed)]
        return Expected(None, {}, None, chosen[-1] if chosen else None)
    if "1" not in keys:
        return Expected(Outcome.OPTED_OUT if "9" in keys else Outcome.NO_START, {}, None)
    answers = _answers(deeds, questionnaire)
    erased = ("review", "7") in deeds.pressed
    comment = citizen.comment if deeds.spoke and not erased else None
    finished = "comment_invite" in deeds.heard
    return Expected(Outcome.COMPLETED if finished else Outcome.PARTIAL, answers, comment)


def _answers(deeds: Deeds, questionnaire: Questionnaire) -> Answers:
    answers: Answers = {}
    for question in questionnaire.questions:
        for prompt, key in deeds.pressed:
            if prompt != question.prompt or question.key in answers:
                continue
            if key == "0":
                answers[question.key] = (AnswerKind.NO_OPINION, None)
            elif key == "#":
                answers[question.key] = (AnswerKind.SKIPPED, None)
            elif key.isdecimal() and int(key) in question.valid_values:
                answers[question.key] = (AnswerKind.VALUE, int(key))
    return answers


_THOROUGH: Final = {Habit.POLITE, Habit.REGULAR, Habit.CHOOSY, Habit.CLUMSY, Habit.SLOW, Habit.ERASES, Habit.MUTE}
"""They mean to go through the whole call."""


def got_through(citizen: Citizen, done: Expected) -> bool:
    """Whether the citizen came as far as such a one means to: if not, something was misheard."""
    if citizen.habit is Habit.PUTS_OFF:
        return done.later is citizen.prefers
    return citizen.habit not in _THOROUGH or done.outcome is Outcome.COMPLETED
