"""A session with the clock in the test's hand."""

from dataclasses import dataclass

import numpy as np
from telephony.dummy_phone import DummyPhone

from appliance.store.interviews import Lease
from appliance.survey.atlas import Atlas
from appliance.telephony._api import CallHandle, Connected, Digit, Disconnected, Heard, Played, Ringing
from appliance.telephony.desk import Desk
from appliance.telephony.journal import InterviewJournal
from appliance.telephony.session import Session
from appliance.types import E164

NUMBER = E164("+46701740605")
CALL = CallHandle(1)
_TIME = np.arange(160)
SPEECH = ((np.sin(_TIME * 0.35) + np.sin(_TIME * 0.9)) * np.linspace(1000, 5000, 160)).astype("<i2").tobytes()
SILENCE = bytes(320)


@dataclass
class Conversation:
    """A session with the clock in the test's hand."""

    session: Session
    phone: DummyPhone
    desk: Desk
    atlas: Atlas
    now: float = 0.0

    @property
    def lease(self) -> Lease:
        assert isinstance(self.session.journal, InterviewJournal)
        return self.session.journal.lease

    def pick_up(self) -> None:
        self.session.handle(Ringing(CALL), self.now)
        self.session.handle(Connected(CALL), self.now)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.now += 1
            self.session.handle(Digit(CALL, key), self.now)

    def hear_out(self) -> None:
        self.now += 1
        self.session.handle(Played(CALL), self.now)

    def say(self, pcm: bytes, seconds: float) -> None:
        for _ in range(round(seconds * 50)):
            self.now += 0.02
            self.session.handle(Heard(CALL, pcm), self.now)
            self.session.tick(self.now)

    def pass_time(self, seconds: float) -> None:
        self.now += seconds
        self.session.tick(self.now)

    def hang_up(self, status: int = 200) -> None:
        self.session.handle(Disconnected(CALL, status), self.now)

    def last_played(self) -> list[str]:
        """The prompts of the last play, by name."""
        spans = next(what for told, what in reversed(self.phone.told) if told == "play")
        names = {clip.start_sample: name for name, clip in self.atlas.clips.items()}
        return [names[span.start] for span in spans]  # type: ignore[attr-defined]
