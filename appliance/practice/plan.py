"""What a citizen will do at each prompt, at the first time it is heard, the second, and so on."""

from collections.abc import Mapping
from dataclasses import dataclass

from appliance.practice.people import Citizen, Habit, steps_of
from appliance.survey.questionnaire import Question, Questionnaire
from appliance.types import LaterTime


@dataclass(frozen=True, slots=True)
class Press:
    key: str


@dataclass(frozen=True, slots=True)
class Speak:
    """Speak the comment; then press # or just fall silent."""

    then_hash: bool


@dataclass(frozen=True, slots=True)
class HangUp:
    pass


@dataclass(frozen=True, slots=True)
class Reaction:
    """An act, so many seconds after the prompt is recognised, or after its end."""

    act: Press | Speak | HangUp
    at_end: bool
    seconds: float


Plan = Mapping[str, tuple[Reaction | None, ...]]
"""By prompt: the reaction at each hearing, None for none; heard more often than listed, none."""

_TONE_SECONDS = 1.0
"""From the invitation's end until the tone has certainly sounded."""


def plan_of(citizen: Citizen, questionnaire: Questionnaire) -> Plan:
    """The whole call, as this citizen means to have it."""
    hurried = citizen.habit is Habit.REGULAR
    start = _press("1", hurried)
    plan: dict[str, tuple[Reaction | None, ...]] = {
        "greeting": (start,) if hurried else (),
        "menu": (start, start),
        "comment_invite": (Reaction(Speak(then_hash=hurried), at_end=True, seconds=_TONE_SECONDS),),
        "review": (_press("1", hurried),),
    }
    for position, question in enumerate(questionnaire.questions):
        plan[question.prompt] = _answers(citizen, question, position, hurried)
    match citizen.habit:
        case Habit.SILENT | Habit.VOICEMAIL | Habit.BUSY | Habit.ABSENT:
            return {}
        case Habit.DECLINES:
            return {"menu": (_press("9", hurried=True),)}
        case Habit.PUTS_OFF:
            key = list(LaterTime).index(citizen.prefers) + 1
            return {"menu": (_press("2", hurried),), f"later_{citizen.prefers}": (_press(str(key), hurried),)}
        case Habit.CHOOSY:
            plan["comment_invite"] = (_press("#", hurried=True),)
        case Habit.MUTE:
            plan["comment_invite"] = ()
        case Habit.ERASES:
            plan["review"] = (_press("7", hurried),)
        case Habit.HANGS_UP:
            steps = steps_of(questionnaire)
            plan[steps[citizen.hangs_up_at % len(steps)]] = (Reaction(HangUp(), at_end=False, seconds=0.6),)
    return plan


def _press(key: str, hurried: bool) -> Reaction:
    return Reaction(Press(key), at_end=not hurried, seconds=0.1 if hurried else 0.7)


def _answers(citizen: Citizen, question: Question, position: int, hurried: bool) -> tuple[Reaction | None, ...]:
    answer = _press(str(citizen.answer_to(question)), hurried)
    match citizen.habit, position:
        case Habit.CHOOSY, 1:
            return _press("*", hurried), answer
        case Habit.CHOOSY, 2:
            return (_press("#", hurried),)
        case Habit.CHOOSY, 4:
            return (_press("0", hurried),)
        case Habit.CLUMSY, 0 | 3:
            return _press("8", hurried), answer
        case Habit.SLOW, 0:
            return None, answer
    return (answer,)
