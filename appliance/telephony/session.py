"""One call: the dialogue's events and actions joined to a phone and to what is written down."""

import logging
from typing import Final

from appliance.store.answers import Answer
from appliance.survey.atlas import Atlas
from appliance.survey.dialogue import step
from appliance.survey.events import (
    Action,
    Answered,
    End,
    Entry,
    EraseComment,
    Event,
    HangUp,
    HungUp,
    KeepComment,
    KeyPressed,
    OptOut,
    Play,
    PromptEnded,
    RecordingEnded,
    RingLater,
    SaveAnswer,
    Start,
    StartRecording,
    Stopped,
    StopRecording,
    TimedOut,
    Wait,
)
from appliance.survey.state import State
from appliance.telephony._api import (
    CallHandle,
    Connected,
    Digit,
    Disconnected,
    Heard,
    Phone,
    PhoneEvent,
    Played,
    Ringing,
    Span,
)
from appliance.telephony.answerer import Answerer
from appliance.telephony.journal import Journal
from appliance.telephony.keys import Keys
from appliance.telephony.outcome import counts_as_attempt, is_of_our_making, unanswered_outcome
from appliance.telephony.recording import Recording
from appliance.types import Outcome

_KEY_GUARD_SECONDS: Final = 0.3
"""A key this soon after a prompt begins was meant for the one before it."""
_MAX_CALL_SECONDS: Final = 900.0
_STOP_SECONDS: Final = 12.0
"""The last prompt is half as long; who has put us on hold hears none, and its end never comes."""
_TONE: Final = "tone"

_log = logging.getLogger(__name__)


class Session:
    """Lives from the first ring to the hang-up. `now` is monotonic seconds; the phone is told, never asked."""

    def __init__(
        self, call: CallHandle, journal: Journal, state: State, phone: Phone, atlas: Atlas, ring_seconds: float,
        now: float,
    ) -> None:  # fmt: skip
        self.call = call
        self.journal = journal
        self.is_over = False
        self._phone = phone
        self._atlas = atlas
        self._state = state
        self._ring_seconds = ring_seconds
        self._begun_at = now
        self._rang = False
        self._connected = False
        self._is_let_go = False
        self._sip_status: int | None = None
        self._wait_until: float | None = None
        self._stops_by: float | None = None
        self._keys = Keys()
        self._guard_until = 0.0
        self._answerer = Answerer() if state.entry is Entry.RUNG else None
        self._tone_plays = False
        self._recording: Recording | None = None
        self._captures = False

    def handle(self, event: PhoneEvent, now: float) -> None:
        match event:
            case Heard(_, pcm):
                if self._connected and (key := self._keys.heard(pcm, now)):
                    self._pressed(key, now)
                else:
                    self._hear(pcm, now)
            case Ringing() if not self._rang:
                self._rang = True
                self.journal.rang()
            case Connected() if not self._connected:
                self._picked_up(now)
            case Digit(_, key):
                if self._keys.told(event, now):
                    self._pressed(key, now)
            case Played():
                self._played(now)
            case Disconnected(_, status):
                self._disconnected(status, now)

    def tick(self, now: float) -> None:
        """Let time pass: answers not given, comments come to an end, phones not picked up."""
        longest = _MAX_CALL_SECONDS if self._connected else self._ring_seconds
        if now - self._begun_at > longest or (self._stops_by is not None and now > self._stops_by):
            self._let_go()
        elif self._captures and self._recording and self._recording.is_over:
            self._end_recording(now)
        elif self._wait_until is not None and now >= self._wait_until:
            self._tell(TimedOut(), now)

    def stop(self, now: float) -> None:
        """Staff have stopped all calls: take leave of who listens, hang up on a phone that rings; once is enough."""
        if self._stops_by is None:
            self._stops_by = now + _STOP_SECONDS
            self._tell(Stopped(), now)

    def _let_go(self) -> None:
        """Once is enough: the end of a call may take its time."""
        if not self._is_let_go:
            self._is_let_go = True
            self._phone.hang_up(self.call)

    def _picked_up(self, now: float) -> None:
        self._connected = True
        if not self._rang:
            self._rang = True
            self.journal.rang()
        self.journal.picked_up()
        self._tell(Answered(), now)

    def _pressed(self, key: str, now: float) -> None:
        if now >= self._guard_until:
            self._answerer = None  # only a human presses keys
            self._tell(KeyPressed(key), now)  # type: ignore[arg-type]  # the dialogue ignores what is no key

    def _played(self, now: float) -> None:
        if self._tone_plays:
            self._tone_plays = False
            self._begin_recording(now)
        else:
            self._tell(PromptEnded(), now)

    def _disconnected(self, status: int, now: float) -> None:
        self._sip_status = status
        if self._connected:
            self._tell(HungUp(), now)
        elif self._stops_by is not None and not self._rang and is_of_our_making(status):
            self.is_over = True
            self.journal.called_off()
        else:
            outcome = unanswered_outcome(status, self._rang)
            if counts_as_attempt(outcome) and not self._rang:
                self.journal.rang()
            self._end(outcome)

    def _tell(self, event: Event, now: float) -> None:
        """One step of the dialogue, its actions carried out in order before anything else happens."""
        if not isinstance(event, PromptEnded):
            self._wait_until = None
        self._state, actions = step(self._state, event)
        for action in actions:
            self._do(action, now)

    def _do(self, action: Action, now: float) -> None:  # noqa: C901 -- one line an action is its table
        match action:
            case Play(prompts):
                self._play(*prompts)
                self._guard_until = now + _KEY_GUARD_SECONDS
            case Wait(seconds):
                self._wait_until = now + seconds
            case Start():
                self.journal.started()
            case SaveAnswer(question, kind, value):
                self.journal.save(Answer(question, kind, value))
            case StartRecording():
                self._tone_plays = True
                self._play(_TONE)
            case StopRecording():
                self._end_recording(now)
            case KeepComment():
                self._keep_comment()
            case EraseComment():
                self._erase_comment()
            case OptOut():
                self.journal.opt_out()
            case RingLater(when):
                self.journal.ring_later(when)
            case HangUp():
                self._let_go()
            case End(outcome):
                self._end(outcome)

    def _play(self, *prompts: str) -> None:
        clips = (self._atlas.clip(prompt) for prompt in prompts)
        self._phone.play(self.call, [Span(clip.start_sample, clip.samples, self._atlas.file) for clip in clips])

    def _hear(self, pcm: bytes, now: float) -> None:
        if self._captures and self._recording:
            try:
                self._recording.hear(pcm)
            except OSError as error:
                _log.error("comment lost: memory-backed storage: %s", error.strerror)
                self._erase_comment()
                self.journal.lose_comment()
                self._tell(RecordingEnded(spoken=False), now)
        elif self._answerer and self._connected:
            self._answerer.hear(pcm)

    def _begin_recording(self, now: float) -> None:
        try:
            self._recording = self.journal.open_recording()
        except OSError as error:
            _log.error("comment lost: memory-backed storage: %s", error.strerror)
            self.journal.lose_comment()
            self._tell(RecordingEnded(spoken=False), now)
        else:
            self._captures = True

    def _end_recording(self, now: float) -> None:
        if self._tone_plays:
            self._tone_plays = False
            self._phone.stop(self.call)
        self._captures = False
        self._tell(RecordingEnded(spoken=self._recording is not None and self._recording.spoken), now)

    def _keep_comment(self) -> None:
        self._captures = False
        if self._recording:
            if self._recording.spoken:
                self.journal.keep_comment(self._recording)
            self._erase_comment()

    def _erase_comment(self) -> None:
        self._captures = False
        if self._recording:
            self._recording.forget()
            self._recording = None

    def _end(self, outcome: Outcome) -> None:
        self.is_over = True
        _log.info("call %d: keys came %s", self.call, self._keys)
        if outcome is Outcome.NO_START and self._answerer:
            outcome = self._answerer.outcome(we_hung_up=self._is_let_go)
        self.journal.ended(outcome, self._sip_status)
