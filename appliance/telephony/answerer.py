"""Who picked up where we rang, by what was heard until the call was over; the outcome decides whether to ring again.

A voicemail speaks its greeting in one go, beeps, and is silent. A person who chats into our greeting pauses to listen,
and a television does not stop. A fax whistles. In doubt it was a person.
"""

from dataclasses import dataclass
from typing import Final

from appliance.telephony.beeps import Tone, ToneEar
from appliance.telephony.ear import Ear
from appliance.types import Outcome

_BREATH_SECONDS: Final = 1.2
"""A pause this long ends a stretch of talk."""
_BEEP_SECONDS: Final = (0.15, 1.6)
_TALK_BEFORE_BEEP_SECONDS: Final = 3.0
_PAUSE_BEFORE_BEEP_SECONDS: Final = 3.0
_EDGE_SECONDS: Final = 0.2
"""The beginning and the end of a tone may be taken for talk."""
_QUIET_AFTER_BEEP_SECONDS: Final = 4.0
"""A voicemail listens now."""
_GREETING_SECONDS: Final = (12.0, 60.0)
"""A stretch of talk this long is the greeting of a voicemail that does not beep."""
_GREETING_BEGINS_SECONDS: Final = 4.0
_QUIET_AFTER_GREETING_SECONDS: Final = 6.0
_WHISTLE_HZ, _WHISTLE_SECONDS = 2100.0, 1.5
"""A fax that answers (ITU-T T.30's CED: 2.6 to 4 s)."""
_CALLING_HZ, _CALLING_SECONDS = 1100.0, (0.35, 0.7)
"""A fax that calls (T.30's CNG: half a second every three and a half)."""
_NEAR_HZ: Final = 40.0


@dataclass(slots=True)
class _Talk:
    """Speech without a pause in it longer than a breath."""

    begun_at: float
    ended_at: float


class Answerer:
    """Fed with every 20 ms frame from the answer on."""

    def __init__(self) -> None:
        self._ear = Ear()
        self._tone_ear = ToneEar()
        self._talks: list[_Talk] = []

    def hear(self, pcm: bytes) -> None:
        self._ear.hear(pcm)
        self._tone_ear.hear(pcm)
        now = self._ear.seconds
        if not self._ear.speaks or self._tone_ear.sounds:
            return
        if self._talks and now - self._talks[-1].ended_at <= _BREATH_SECONDS:
            self._talks[-1].ended_at = now
        else:
            self._talks.append(_Talk(now, now))

    def outcome(self, *, we_hung_up: bool) -> Outcome:
        """What to call a call in which nobody pressed a key."""
        if self._is_fax():
            return Outcome.BAD_NUMBER
        if any(self._is_voicemail_s(tone) for tone in self._tone_ear.tones):
            return Outcome.VOICEMAIL
        return Outcome.VOICEMAIL if we_hung_up and self._was_a_greeting() else Outcome.NO_START

    def _is_fax(self) -> bool:
        tones = self._tone_ear.tones
        calling = [t for t in tones if abs(t.hz - _CALLING_HZ) < _NEAR_HZ and _within(t.seconds, _CALLING_SECONDS)]
        whistles = [t for t in tones if abs(t.hz - _WHISTLE_HZ) < _NEAR_HZ and t.seconds > _WHISTLE_SECONDS]
        return bool(whistles) or len(calling) > 1

    def _is_voicemail_s(self, tone: Tone) -> bool:
        """Whether a tone comes right after talk, and nobody speaks after it."""
        if not _within(tone.seconds, _BEEP_SECONDS) or self._ear.seconds - tone.ended_at < _QUIET_AFTER_BEEP_SECONDS:
            return False
        before = [talk for talk in self._talks if talk.begun_at < tone.begun_at - _EDGE_SECONDS]
        listens_until = tone.ended_at + _QUIET_AFTER_BEEP_SECONDS
        after = [t for t in self._talks if t.ended_at > tone.ended_at + _EDGE_SECONDS and t.begun_at < listens_until]
        if not before or after:
            return False
        talked = min(before[-1].ended_at, tone.begun_at) - before[-1].begun_at
        paused = tone.begun_at - before[-1].ended_at
        return talked >= _TALK_BEFORE_BEEP_SECONDS and paused <= _PAUSE_BEFORE_BEEP_SECONDS

    def _was_a_greeting(self) -> bool:
        """Whether the only long talk began at once, and then nobody spoke any more."""
        greeting = next((talk for talk in self._talks if talk.ended_at - talk.begun_at >= _GREETING_SECONDS[0]), None)
        return (
            greeting is not None
            and greeting is self._talks[-1]
            and greeting.begun_at <= _GREETING_BEGINS_SECONDS
            and greeting.ended_at - greeting.begun_at <= _GREETING_SECONDS[1]
            and self._ear.seconds - greeting.ended_at >= _QUIET_AFTER_GREETING_SECONDS
        )


def _within(value: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= value <= limits[1]
