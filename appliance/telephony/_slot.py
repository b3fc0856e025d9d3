"""A place for one call at a time: what it plays, whether the other side listens, whether packets still come."""

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from appliance.sound import CALL_RATE_HZ
from appliance.telephony._api import Span
from appliance.telephony._pjsua2 import Call, Player, SipError, Tap

_PLAY_MARGIN_SECONDS: Final = 0.1
_MEDIA_SILENCE_SECONDS: Final = 10.0

_log = logging.getLogger(__name__)


class Slot:
    """Its players, one a file, and its tap are made once and used call after call."""

    def __init__(self, file: Path, player: Player, tap: Tap) -> None:
        self.call: Call | None = None
        self._players: dict[Path | None, Player] = {None: player, file: player}
        self._player = player
        """The one that plays, or has played last."""
        self._tap = tap
        self._has_media = False
        self._is_answered = False
        self._spans: deque[Span] = deque()
        """What plays now, and what follows it."""
        self._ends_at: float | None = None
        self._packets = 0
        self._packets_at = 0.0
        self._was_heard = False

    def give(self, file: Path, player: Player) -> None:
        """From now on that file can be played as well."""
        self._players[file] = player

    def give_up(self, but: Path) -> list[Player]:
        """The players of all other files, while no call is here; they are silent, and must live on for a while."""
        if self.call is not None or but not in self._players:
            return []
        others = [player for file, player in self._players.items() if file != but]
        self._players = {but: self._players[but]}
        self._player = self._players[but]
        return others

    def occupy(self, call: Call) -> None:
        self.call, self._packets = call, 0
        self._has_media = self._is_answered = self._was_heard = False

    def vacate(self) -> Call | None:
        """The call that it held, which is over."""
        call, self.call = self.call, None
        self._tap.handle = None
        self._spans.clear()
        self._ends_at = None
        self._has_media = False
        return call

    def answered(self) -> None:
        """From here on sound is owed: who only rings may have promised it long before."""
        self._is_answered = True
        self._packets_at = time.monotonic()

    def media_ready(self) -> None:
        """The other side listens: for the first time, again, or by another codec."""
        if self.call is None:
            return
        call = self.call
        if not unless_over(lambda: call.audio().startTransmit(self._tap)):
            return
        self._tap.handle = call.handle
        self._has_media = True
        self._packets_at = time.monotonic()
        if self._ends_at is not None:
            unless_over(lambda: self._player.resume(call))
        else:
            self._play_first()

    def media_held(self) -> None:
        """What plays begins again when the other side listens again."""
        self._has_media = False
        self._stop_player()

    def play(self, spans: Sequence[Span]) -> None:
        """Instead of what plays; at once, or when the other side listens."""
        self.silence()
        self._spans = deque(spans)
        self._play_first()

    def silence(self) -> None:
        self._spans.clear()
        self._stop_player()

    def has_played(self, now: float) -> bool:
        """Go on to the next span where one has ended; whether that was the last."""
        if self._ends_at is None or now < self._ends_at:
            return False
        following = list(self._spans)[1:]
        self.play(following)
        return not following

    def is_deserted(self, now: float) -> bool:
        """Whether the packets of an answered call have stopped for too long: PJSIP tells of no such thing."""
        if not (self._is_answered and self._has_media and self.call):
            return False
        try:
            packets = self.call.packets_received()
        except SipError:
            return False
        if packets != self._packets:
            self._packets, self._packets_at = packets, now
            self._was_heard = True
        return now - self._packets_at > _MEDIA_SILENCE_SECONDS

    def end_if_deserted(self, now: float) -> None:
        """Hang up on it; where not one packet ever came the media gate may have dropped them all, so say that."""
        if self.call and self.is_deserted(now):
            if not self._was_heard:
                self._was_heard = True  # said once a call
                _log.warning("no sound from the address that the PBX named; see sip.trusted_addresses")
            unless_over(self.call.end)

    def _play_first(self) -> None:
        if self._spans and self._has_media and self.call:
            call, span = self.call, self._spans[0]
            self._player = self._players[span.file]
            if unless_over(lambda: self._player.play(call, span.start)):
                self._ends_at = time.monotonic() + span.length / CALL_RATE_HZ + _PLAY_MARGIN_SECONDS

    def _stop_player(self) -> None:
        if self._ends_at is not None and self.call:
            call, self._ends_at = self.call, None
            unless_over(lambda: self._player.silence(call))


def unless_over(act: Callable[[], object]) -> bool:
    """Do something with a call that may have ended a moment ago; its Disconnected is then on its way."""
    try:
        act()
    except SipError:
        return False
    return True
