"""A key pressed once is one key, however many ways the PBX sends it."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from appliance.telephony._api import Digit, KeyWay
from appliance.telephony.tones import KeyEar

_SAME_PRESS_SECONDS: Final = 1.0
"""What comes later is another press. An INFO that was lost once comes half a second late (RFC 3261, T1)."""


@dataclass
class _Presses:
    """Of one key, close together: as many as the way that brought most of them."""

    brought: Counter[KeyWay] = field(default_factory=Counter)
    last_at: float = 0.0


class Keys:
    """One call's keys. `now` is monotonic seconds.

    Tones are listened for only until the PBX has sent a key in another way: after that no voice is taken for one.
    """

    def __init__(self) -> None:
        self._counted: Counter[KeyWay] = Counter()
        self._ear: KeyEar | None = KeyEar()
        self._presses: dict[str, _Presses] = {}

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
        presses = self._presses.setdefault(key, _Presses())
        if now - held_seconds - presses.last_at > _SAME_PRESS_SECONDS:
            presses.brought.clear()
        before = max(presses.brought.values(), default=0)
        presses.brought[way] += 1
        presses.last_at = now
        counts = presses.brought[way] > before
        self._counted[way] += counts
        return counts
