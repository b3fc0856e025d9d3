"""The telephone as the rest of the house sees it: plain values in and out, no pj object."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NewType, Protocol

CallHandle = NewType("CallHandle", int)
"""Names one call of one phone; never used again, unlike the ids inside PJSIP."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an atlas file, in samples."""

    start: int
    length: int
    file: Path | None = None
    """One that the phone has loaded; None is the file that it began with."""


@dataclass(frozen=True, slots=True)
class Incoming:
    call: CallHandle
    asked: str
    """Who is asked for: the user part of the request's To."""
    callers: tuple[str, ...] = ()
    """Who calls, as the PBX wrote it, best first: P-Asserted-Identity, then From; empty where hidden."""
    passed_on_for: tuple[str, ...] = ()
    """From Diversion and History-Info: the citizen, where an agent's telephone calls; or only the queue's number."""


@dataclass(frozen=True, slots=True)
class Ringing:
    call: CallHandle


@dataclass(frozen=True, slots=True)
class Connected:
    call: CallHandle


class KeyWay(StrEnum):
    """How a key came: in packets of its own, in a SIP message, or as a tone in the sound."""

    RFC4733 = "rfc4733"
    INFO = "info"
    INBAND = "inband"


@dataclass(frozen=True, slots=True)
class Digit:
    call: CallHandle
    key: str
    way: KeyWay = KeyWay.RFC4733
    held_seconds: float = 0.0
    """How long it had been pressed when this came; a SIP INFO may come at its end."""


@dataclass(frozen=True, slots=True)
class Played:
    """The spans of the last `play` have all been heard."""

    call: CallHandle


@dataclass(frozen=True, slots=True)
class Heard:
    """20 ms of the other side: 160 samples as 320 bytes."""

    call: CallHandle
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Disconnected:
    call: CallHandle
    status: int
    """The final SIP status; 200 for an answered call that was hung up."""


@dataclass(frozen=True, slots=True)
class Registered:
    """The registrar's answer; active only with status 200."""

    active: bool
    status: int


CallEvent = Incoming | Ringing | Connected | Digit | Played | Heard | Disconnected
PhoneEvent = CallEvent | Registered


class Phone(Protocol):
    """One SIP user agent; every method is called from one thread, `poll` often (every 20 ms)."""

    @property
    def max_calls(self) -> int: ...

    @property
    def live_calls(self) -> int: ...

    @property
    def can_dial(self) -> bool:
        """False while the PBX that we must be registered with does not know us, and where a call would be silent."""

    def dial(self, number: str) -> CallHandle:
        """Place a call; TelephonyError where not even that can be done."""

    def ring(self, call: CallHandle) -> None:
        """Tell an incoming call that the phone rings."""

    def answer(self, call: CallHandle) -> None: ...

    def reject(self, call: CallHandle, status: int) -> None: ...

    def play(self, call: CallHandle, spans: Sequence[Span]) -> None:
        """Play spans one after another instead of what plays; `Played` follows unless stopped."""

    def stop(self, call: CallHandle) -> None:
        """Be silent."""

    def load(self, atlas: Path) -> None:
        """Be able to play from another file, which nobody changes; TelephonyError where that cannot be.

        Live calls still play from the files of before; a file is given up where nobody plays from it any more.
        """

    def press(self, call: CallHandle, key: str) -> None:
        """Send a key by RFC 4733."""

    def hang_up(self, call: CallHandle) -> None:
        """End the call; `Disconnected` follows."""

    def poll(self, timeout_ms: int) -> list[PhoneEvent]:
        """Let the phone work; returns what has happened since."""

    def close(self) -> None:
        """End all calls, unregister and stop."""
