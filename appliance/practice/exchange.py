"""The practice municipality's exchange: one process with a SIP user agent of its own that plays the citizens."""

import time
from pathlib import Path
from typing import Final

import numpy as np

from appliance.errors import UsageError
from appliance.practice.deeds import Deeds, append_deeds
from appliance.practice.ear import Ear, Memory
from appliance.practice.people import COMMENTS_DIRECTORY, VOICEMAIL, Citizen, Habit, citizen_of, spoken_comments
from appliance.practice.plan import HangUp, Plan, Press, Reaction, Speak, plan_of
from appliance.settings import Settings, practice_trunk
from appliance.signals import StopSignal
from appliance.sound import read_wav, write_wav
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import load_questionnaire
from appliance.telephony._api import (
    CallHandle,
    Connected,
    Disconnected,
    Heard,
    Incoming,
    Phone,
    PhoneEvent,
    Played,
    Registered,
    Span,
)
from appliance.telephony._phone import SipPhone
from appliance.types import E164

_POLL_MS: Final = 10
_NOT_FOUND: Final = 404
_BUSY_HERE: Final = 486
_RING_SECONDS: Final = 0.5
_HASH_AFTER_SECONDS: Final = 0.6
_GAP_SAMPLES: Final = 12_000


class Caller:
    """One citizen in one call."""

    def __init__(self, call: CallHandle, citizen: Citizen, plan: Plan, ear: Ear, phone: Phone, clip: Span) -> None:
        self.citizen = citizen
        self.deeds = Deeds(citizen.number)
        self._call = call
        self._plan = plan
        self._ear = ear
        self._phone = phone
        self._clip = clip
        self._due: tuple[float, Reaction, str] | None = None
        self._pick_up_at: float | None = None
        self._hash_after = False

    def rung(self, now: float) -> None:
        if self.citizen.habit is Habit.BUSY:
            self._phone.reject(self._call, _BUSY_HERE)
            return
        self._phone.ring(self._call)
        if self.citizen.habit is not Habit.ABSENT:
            self._pick_up_at = now + _RING_SECONDS

    def handle(self, event: PhoneEvent, now: float) -> None:
        match event:
            case Connected() if self.citizen.habit is Habit.VOICEMAIL:
                self._phone.play(self._call, [self._clip])
            case Heard(_, pcm):
                if recognised := self._ear.hear(pcm):
                    self._recognised(recognised.prompt, now, now + recognised.seconds_left)
            case Played() if self.citizen.habit is not Habit.VOICEMAIL:
                self.deeds.spoke = True
                if self._hash_after:
                    self._due = (now + _HASH_AFTER_SECONDS, Reaction(Press("#"), at_end=True, seconds=0), "recording")

    def tick(self, now: float) -> None:
        if self._pick_up_at is not None and now >= self._pick_up_at:
            self._pick_up_at = None
            self._phone.answer(self._call)
        if self._due and now >= self._due[0]:
            _, reaction, prompt = self._due
            self._due = None
            self._act(reaction, prompt)

    def _recognised(self, prompt: str, now: float, ends_at: float) -> None:
        self.deeds.heard.append(prompt)
        planned = self._plan.get(prompt, ())
        times = self.deeds.heard.count(prompt)
        reaction = planned[times - 1] if times <= len(planned) else None
        if reaction:
            self._due = ((ends_at if reaction.at_end else now) + reaction.seconds, reaction, prompt)

    def _act(self, reaction: Reaction, prompt: str) -> None:
        match reaction.act:
            case Press(key):
                self.deeds.pressed.append((prompt, key))
                self._ear.refresh()
                self._phone.press(self._call, key)
            case Speak(then_hash):
                self._hash_after = then_hash
                self._phone.play(self._call, [self._clip])
            case HangUp():
                self.deeds.hung_up = True
                self._phone.hang_up(self._call)


class Exchange:
    """Rings the citizen whose number is asked for."""

    def __init__(self, settings: Settings, port: int, calls: int, deeds: Path | None) -> None:
        self._questionnaire = load_questionnaire(settings.survey.questionnaire)
        library = PromptLibrary(settings)
        language = settings.survey.language
        self._memory = Memory({prompt.key: library.samples(prompt.key, language) for prompt in library.prompts})
        self._deeds = deeds
        voices = settings.storage.directory / "cache" / f"citizens-{port}.wav"
        self._spans = _join_voices(voices)
        trunk = practice_trunk(port, calls).model_copy(update={"local_port": port})
        self._phone = SipPhone(trunk, voices)
        self._callers: dict[CallHandle, Caller] = {}

    def run(self, stop: StopSignal) -> None:
        """Work until told to stop."""
        try:
            while not stop():
                events = self._phone.poll(_POLL_MS)
                now = time.monotonic()
                for event in events:
                    self._handle(event, now)
                for caller in self._callers.values():
                    caller.tick(now)
        finally:
            self._phone.close()

    def _handle(self, event: PhoneEvent, now: float) -> None:
        if isinstance(event, Incoming):
            self._ring(event, now)
        elif not isinstance(event, Registered) and (caller := self._callers.get(event.call)):
            caller.handle(event, now)
            if isinstance(event, Disconnected):
                del self._callers[event.call]
                if self._deeds:
                    append_deeds(self._deeds, caller.deeds)

    def _ring(self, event: Incoming, now: float) -> None:
        try:
            citizen = citizen_of(E164(event.asked))
        except UsageError:
            self._phone.reject(event.call, _NOT_FOUND)
            return
        voice = VOICEMAIL if citizen.habit is Habit.VOICEMAIL else citizen.comment.file
        plan = plan_of(citizen, self._questionnaire)
        caller = Caller(event.call, citizen, plan, Ear(self._memory), self._phone, self._spans[voice])
        self._callers[event.call] = caller
        caller.rung(now)


def run_exchange(settings: Settings, port: int, calls: int, deeds: str | None, stop: StopSignal) -> None:
    """Run an exchange on a loopback port until told to stop."""
    Exchange(settings, port, calls, Path(deeds) if deeds else None).run(stop)


def _join_voices(file: Path) -> dict[str, Span]:
    """All clips in one file, for the players; returns where each lies."""
    gap = np.zeros(_GAP_SAMPLES, dtype=np.float32)
    pieces, spans, position = [], {}, 0
    for name in [VOICEMAIL, *(comment.file for comment in spoken_comments())]:
        samples, _ = read_wav(COMMENTS_DIRECTORY / name)
        spans[name] = Span(position, len(samples))
        pieces += [samples, gap]
        position += len(samples) + len(gap)
    write_wav(file, np.concatenate(pieces))
    return spans
