"""Two real user agents on loopback: does a call survive that got the id of one that has just ended?

The callee looks at its socket only every 0.1 s, so that the end of one call and the beginning of the next reach it in
one turn. Run as: two_phones.py callee PORT FOLDER, and: two_phones.py caller PORT FOLDER ROUNDS. The caller prints how
many of its calls were connected, and how many of them ended without being asked to.
"""

import json
import random
import sys
import time
import wave
from collections.abc import Callable
from pathlib import Path

from appliance.settings import practice_trunk
from appliance.telephony._api import CallHandle, Connected, Disconnected, Incoming, PhoneEvent
from appliance.telephony._phone import SipPhone

SLOTS = 4
CALLS = 3
"""One slot is free, so that the next call need not wait for the end of the last."""


def phone(folder: Path, name: str, port: int, local_port: int = 0) -> SipPhone:
    silence = folder / f"{name}.wav"
    with wave.open(str(silence), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    return SipPhone(practice_trunk(port, SLOTS).model_copy(update={"local_port": local_port}), silence)


def callee(port: int, folder: Path) -> None:
    us = phone(folder, "callee", port, port)
    (folder / "ready").touch()
    while not (folder / "stop").exists():
        time.sleep(0.1)
        for event in us.poll(0):
            if isinstance(event, Incoming):
                us.answer(event.call)
    (folder / "left").write_text(str(us.live_calls))
    us.close()


class Caller:
    def __init__(self, port: int, folder: Path) -> None:
        self.phone = phone(folder, "caller", port)
        self.live: set[CallHandle] = set()
        self.let_go: set[CallHandle] = set()
        self.counts = {"connected": 0, "lost": 0}

    def dial(self) -> None:
        self.phone.dial("+46701740605")

    def hang_up(self, call: CallHandle) -> None:
        self.let_go.add(call)
        self.phone.hang_up(call)

    def poll_until(self, done: Callable[[], bool]) -> None:
        end = time.monotonic() + 3
        while not done() and time.monotonic() < end:
            for event in self.phone.poll(10):
                self.note(event)

    def note(self, event: PhoneEvent) -> None:
        if isinstance(event, Connected):
            self.live.add(event.call)
            self.counts["connected"] += 1
        elif isinstance(event, Disconnected):
            self.counts["lost"] += event.call not in self.let_go
            self.live.discard(event.call)


def caller(port: int, folder: Path, rounds: int) -> None:
    us = Caller(port, folder)
    luck = random.Random(1)
    for _ in range(CALLS):
        us.dial()
    us.poll_until(lambda: len(us.live) == CALLS)
    for _ in range(rounds):
        if not us.live:
            break
        victim = luck.choice(sorted(us.live))  # ids go round in turn; only now and then is the victim's own the next
        us.hang_up(victim)
        us.dial()
        us.poll_until(lambda v=victim: v not in us.live and len(us.live) == CALLS)  # type: ignore[misc]  # bound now
    for call in list(us.live):
        us.hang_up(call)
    us.poll_until(lambda: not us.live)
    us.phone.close()
    print(json.dumps(us.counts))  # noqa: T201 -- to the test


if __name__ == "__main__":
    role, at, where, *rest = sys.argv[1:]
    if role == "callee":
        callee(int(at), Path(where))
    else:
        caller(int(at), Path(where), int(rest[0]))
