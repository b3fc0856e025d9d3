"""A telephone that takes part in every survey it is rung for, on a process of its own; it stands for PBX and citizens.

Run as: answering_phone.py PORT TRANSPORT FOLDER CALLS PAUSE SPEAKS. It presses 1 for every question, PAUSE seconds
after the one before, and then # or, where SPEAKS is 1, leaves a comment and keeps it. Each call's end is a line in
FOLDER/deeds-PORT.jsonl: the keys that were pressed, and the packets that were lost on the way here and on the way back.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from appliance.practice.people import COMMENTS_DIRECTORY, spoken_comments
from appliance.settings import Settings, practice_trunk
from appliance.signals import StopSignal
from appliance.sound import read_wav, write_wav
from appliance.survey.prompts import PromptLibrary
from appliance.survey.questionnaire import load_questionnaire
from appliance.telephony import _slot
from appliance.telephony._api import (
    CallHandle,
    Connected,
    Disconnected,
    Incoming,
    PhoneEvent,
    Played,
    Registered,
    Span,
)
from appliance.telephony._phone import SipPhone
from appliance.telephony._pjsua2 import SipError

FIRST_KEY_SECONDS: Final = 1.2
_AFTER_INVITATION_SECONDS: Final = 1.2
_SILENT_SECONDS: Final = 1.5
"""The other side is dead: the place is soon free for the next call, as at a PBX with places to spare."""


@dataclass
class Talk:
    """One call: what is to be pressed when."""

    number: str
    keys: list[tuple[float, str]]
    pressed: int = 0
    packets: tuple[int, int, int, int] = (0, 0, 0, 0)
    """Received, lost on the way here, sent, lost on the way there (as the other side reports)."""


class AnsweringPhone:
    def __init__(self, port: int, transport: str, folder: Path, calls: int, pause_seconds: float, speaks: bool) -> None:
        self._pause_seconds = pause_seconds
        self._speaks = speaks
        self._deeds = folder / f"deeds-{port}.jsonl"
        self._questions = len(load_questionnaire("kontaktcenter").questions)
        settings = Settings()
        invitation = PromptLibrary(settings).samples("comment_invite", settings.survey.language)
        self._invitation_seconds = len(invitation) / 8000
        comment, _ = read_wav(COMMENTS_DIRECTORY / spoken_comments()[0].file)
        write_wav(folder / f"voice-{port}.wav", comment)
        self._comment = Span(0, len(comment))
        trunk = practice_trunk(port, calls).model_copy(update={"local_port": port, "transport": transport})
        self.phone = SipPhone(trunk, folder / f"voice-{port}.wav")
        self._talks: dict[CallHandle, Talk] = {}
        self._looked_at = 0.0

    def run(self, stop: StopSignal) -> None:
        while not stop():
            events = self.phone.poll(10)
            now = time.monotonic()
            for event in events:
                if not isinstance(event, Registered):
                    self._handle(event, now)
            for call, talk in self._talks.items():
                self._press(call, talk, now)
            if now - self._looked_at >= 1:
                self._looked_at = now
                self._count_packets()
        self.phone.close()

    def _handle(self, event: PhoneEvent, now: float) -> None:
        match event:
            case Incoming(call, asked):
                self._talks[call] = Talk(asked, [])
                self.phone.ring(call)
                self.phone.answer(call)
            case Connected(call):
                self._talks[call].keys = self._plan(now)
            case Played(call):
                self._talks[call].keys = [(now + 0.5, "#"), (now + 1.5, "1")]
            case Disconnected(call):
                talk = self._talks.pop(call)
                with self._deeds.open("a", encoding="utf-8") as file:
                    row = {"number": talk.number, "pressed": talk.pressed, "packets": talk.packets}
                    file.write(json.dumps(row) + "\n")

    def _plan(self, now: float) -> list[tuple[float, str]]:
        at = now + FIRST_KEY_SECONDS
        keys = [(at + number * self._pause_seconds, "1") for number in range(self._questions + 1)]
        last = keys[-1][0]
        if self._speaks:
            return [*keys, (last + self._invitation_seconds + _AFTER_INVITATION_SECONDS, "speak")]
        return [*keys, (last + self._pause_seconds, "#")]

    def _press(self, call: CallHandle, talk: Talk, now: float) -> None:
        while talk.keys and now >= talk.keys[0][0]:
            _, key = talk.keys.pop(0)
            if key == "speak":
                self.phone.play(call, [self._comment])
            else:
                self.phone.press(call, key)
                talk.pressed += 1

    def _count_packets(self) -> None:
        for handle, slot in self.phone._calls.items():
            if slot.call and handle in self._talks:
                self._talks[handle].packets = packets_of(slot.call) or self._talks[handle].packets


def packets_of(call: Any) -> tuple[int, int, int, int] | None:
    try:
        stat = call.getStreamStat(0)
    except SipError:  # no media yet, or none any more: what was counted a second ago stands
        return None
    rtcp = stat.rtcp
    received, sent = rtcp.rxStat, rtcp.txStat
    return int(received.pkt), int(received.loss), int(sent.pkt), int(sent.loss)


def main() -> None:
    port, transport, folder, calls, pause, speaks = sys.argv[1:]
    stop = StopSignal()
    _slot._MEDIA_SILENCE_SECONDS = _SILENT_SECONDS  # type: ignore[misc]
    phone = AnsweringPhone(int(port), transport, Path(folder), int(calls), float(pause), speaks == "1")
    (Path(folder) / f"ready-{port}").touch()
    phone.run(stop)


if __name__ == "__main__":
    main()
