"""A key pressed once is one key, however many ways the PBX sends it."""

from collections import Counter, defaultdict, deque
from dataclasses import dataclass
from typing import Final

from appliance.telephony._api import Digit, KeyWay
from appliance.telephony.tones import KeyEar

_SAME_PRESS_SECONDS: Final = 1.0
"""What began later is another press. An INFO that was lost once comes half a second late (RFC 3261, T1)."""
_REMEMBERED: Final = 8
"""Presses of one key: a way that is told at the end of a long press may be that many quick ones behind."""


@dataclass
class _Press:
    earliest: float
    latest: float
    """When it began: a way that tells how long a key was held may tell it as the press begins or as it ends."""
    ways: set[KeyWay]
    """By which it has been told."""


class Keys:
    """One call's keys. `now` is monotonic seconds.

    Tones are listened for only until the PBX has sent a key in another way: after that no voice is taken for one.
    """

    def __init__(self) -> None:
        self._counted: Counter[KeyWay] = Counter()
        self._ear: KeyEar | None = KeyEar()
        self._presses = defaultdict[str, deque[_Press]](lambda: deque(maxlen=_REMEMBERED))

    def __str__(self) -> str:
        """For the log: which ways this PBX has."""
        return ", ".join(f"{count} by {way}" for way, count in self._counted.items()) or "by no way"

    def told(self, digit: Digit, now: float) -> bool:
        """Whether a key that the PBX sent is a press not counted yet."""
        self._ear = None
        return self._counts(digit.key, digit.way, now, digit.held_seconds)

    def heard(self, pcm: bytes, now: float) -> str:
        """The key that begins to sound in 20 ms of the call and is not counted yet, mostly none."""
        key = self._ear.hear(pcm) if self._ear else ""
        return key if key and self._counts(key, KeyWay.INBAND, now, 0.0) else ""

    def _counts(self, key: str, way: KeyWay, now: float, held_seconds: float) -> bool:
        earliest, presses = now - held_seconds, self._presses[key]
        for press in presses:
            is_near = earliest - _SAME_PRESS_SECONDS <= press.latest and press.earliest <= now + _SAME_PRESS_SECONDS
            if way not in press.ways and is_near:
                press.ways.add(way)
                return False
        presses.append(_Press(earliest, now, {way}))
        self._counted[way] += 1
        return True
