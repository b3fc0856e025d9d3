"""Comments as citizens leave them: what the fixture `speak` is."""

import wave
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from made_up import NOW

from appliance.types import CommentId

_PRACTICE: Final = Path(__file__).parents[2] / "appliance" / "practice" / "comments"


class Speak(Protocol):
    """A comment, recorded and queued: the name of a practice comment, or PCM (8 kHz, 16 bits)."""

    def __call__(self, spoken: str | bytes, at: datetime = NOW) -> CommentId: ...


def pcm_of(spoken: str | bytes) -> bytes:
    if isinstance(spoken, bytes):
        return spoken
    with wave.open(str(_PRACTICE / spoken), "rb") as sound:
        return sound.readframes(sound.getnframes())
