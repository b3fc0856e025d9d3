"""A citizen's end of the line for the dialogue's tests: what is under way, and what may happen next."""

from dataclasses import dataclass, field
from typing import cast

from appliance.survey.dialogue import begin, step
from appliance.survey.events import (
    Action,
    Answered,
    Entry,
    Event,
    HangUp,
    HungUp,
    Key,
    KeyPressed,
    Play,
    PromptEnded,
    RecordingEnded,
    SaveAnswer,
    StartRecording,
    StopRecording,
    TimedOut,
    Wait,
)
from appliance.survey.questionnaire import load_questionnaire
from appliance.survey.state import State
from appliance.types import LaterTime

KEYS: tuple[Key, ...] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#")
QUESTIONNAIRE = load_questionnaire("kontaktcenter")
QUESTION_KEYS = [question.key for question in QUESTIONNAIRE.questions]


@dataclass
class World:
    """Carries actions out as telephony does and knows what is under way: prompt, timer, recording, or nothing."""

    state: State = field(default_factory=lambda: begin(QUESTIONNAIRE))
    under_way: str = "nothing"
    spoken: bool = True
    actions: list[Action] = field(default_factory=list)

    def send(self, *events: Event) -> tuple[Action, ...]:
        """Everything the events led to, in order."""
        before = len(self.actions)
        for event in events:
            if self.under_way == "timer" and not isinstance(event, PromptEnded):
                self.under_way = "nothing"
            self.state, actions = step(self.state, event)
            for action in actions:
                self._carry_out(action)
        return tuple(self.actions[before:])

    def press(self, keys: str) -> tuple[Action, ...]:
        return self.send(*(KeyPressed(cast(Key, key)) for key in keys))

    def let_pass(self) -> tuple[Action, ...]:
        """Nothing is pressed: what is under way comes to its end."""
        match self.under_way:
            case "prompt":
                self.under_way = "nothing"
                return self.send(PromptEnded())
            case "timer":
                return self.send(TimedOut())
            case "recording" | "stopping":
                self.under_way = "nothing"
                return self.send(RecordingEnded(self.spoken))
            case "hanging up":
                self.under_way = "over"
                return self.send(HungUp())
        raise AssertionError(f"the call hangs: {self.under_way} is under way in {self.state}")

    def run_out(self) -> None:
        """Press nothing more until the call is over."""
        for _ in range(500):
            if self.under_way == "over":
                return
            self.let_pass()
        raise AssertionError("the call does not end")

    def saved(self) -> list[SaveAnswer]:
        return [action for action in self.actions if isinstance(action, SaveAnswer)]

    def _carry_out(self, action: Action) -> None:
        self.actions.append(action)
        match action:
            case Play():
                self.under_way = "prompt"
            case Wait():
                self.under_way = "timer"
            case StartRecording():
                self.under_way = "recording"
            case StopRecording():
                self.under_way = "stopping"
            case HangUp():
                self.under_way = "hanging up"


def answered_world(
    entry: Entry = Entry.RUNG, answered: frozenset[str] = frozenset(), later: tuple[LaterTime, ...] = ()
) -> World:
    """A call just picked up: the greeting plays."""
    world = World(begin(QUESTIONNAIRE, answered, entry, later))
    world.send(Answered())
    return world


def started_world() -> World:
    """A call where key 1 has been pressed: the first question plays."""
    world = answered_world()
    world.press("1")
    return world


def recording_world() -> World:
    """A call where all six are answered with 1 and the comment is being recorded."""
    world = started_world()
    world.press("111111")
    world.let_pass()
    return world
