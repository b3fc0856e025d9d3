"""What has crashed user agents on pjsua2, done many times between two real ones: plays cut short, early keys.

Run as: hard_life.py callee PORT FOLDER DEED, and: hard_life.py caller PORT FOLDER DEED TIMES, which prints figures.
"""

import gc
import json
import random
import sys
import time
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Final

from telephony.two_phones import phone

from appliance.telephony import _pjsua2
from appliance.telephony._api import CallHandle, Connected, Digit, Disconnected, Incoming, PhoneEvent, Span
from appliance.telephony._phone import SipPhone

FILE_SAMPLES: Final = 8000
CALLS: Final = 3
Figures = dict[str, int]


def callee(port: int, folder: Path, deed: str) -> None:
    us = phone(folder, "callee", port, port)
    (folder / "ready").touch()
    broken = iter([deed == "trips"])
    while not (folder / "stop").exists():
        if next(broken, False):
            whole, _pjsua2.callers_of = _pjsua2.callers_of, trip
        for event in us.poll(10):
            if isinstance(event, Incoming):
                us.answer(event.call)
            elif isinstance(event, Digit) and deed == "keys":
                us.hang_up(event.call)  # while the key still sounds
        if deed == "trips" and (folder / "tripped").exists():
            _pjsua2.callers_of = whole
    (folder / "left").write_text(str(us.live_calls))
    us.close()


def trip(_message: str) -> tuple[str, ...]:
    raise RuntimeError("a callback fails")


class Caller:
    def __init__(self, port: int, folder: Path) -> None:
        self.phone: SipPhone = phone(folder, "caller", port)
        self.folder = folder
        self.connected: set[CallHandle] = set()
        self.statuses: list[int] = []

    def poll(self) -> list[PhoneEvent]:
        events = self.phone.poll(5)
        for event in events:
            if isinstance(event, Connected):
                self.connected.add(event.call)
            elif isinstance(event, Disconnected):
                self.connected.discard(event.call)
                self.statuses.append(event.status)
        return events

    def until(self, done: Callable[[], bool], seconds: float = 10) -> None:
        end = time.monotonic() + seconds
        while not done() and time.monotonic() < end:
            self.poll()

    def dial(self) -> CallHandle:
        return self.phone.dial("+46701740605")


def plays(us: Caller, times: int) -> Figures:
    """Prompts begun, cut off, and played to the very end of the file, on players that are never made anew."""
    luck = random.Random(1)
    for _ in range(CALLS):
        us.dial()
    us.until(lambda: len(us.connected) == CALLS)
    for _ in range(times):
        call = luck.choice(sorted(us.connected))
        start = luck.choice((0, luck.randrange(FILE_SAMPLES), FILE_SAMPLES - luck.randint(1, 400)))
        us.phone.play(call, [Span(start, FILE_SAMPLES - start), Span(0, luck.randint(1, 800))])
        us.poll()
        if luck.random() < 0.2:
            us.phone.stop(luck.choice(sorted(us.connected)))
    return {"connected": len(us.connected), "lost": len(us.statuses)}


def lives(us: Caller, times: int) -> Figures:
    """A Call that lives on after its end hangs up another's; the collector is off, so only a reference can hold it."""
    outlived = 0
    for _ in range(times):
        handle = us.dial()
        slot = us.phone._calls[handle]
        pj_call = weakref.ref(slot.call)  # type: ignore[arg-type]
        us.until(lambda h=handle: h in us.connected)  # type: ignore[misc]
        us.phone.hang_up(handle)
        us.until(lambda: us.phone.live_calls == 0)
        outlived += pj_call() is not None
    return {"ended": len(us.statuses), "outlived": outlived, "collector": int(gc.isenabled())}


def keys(us: Caller, times: int) -> Figures:
    """Five keys in the same moment that the call stands; the other side hangs up at the first that it hears."""
    for _ in range(times):
        handle = us.dial()
        us.until(lambda h=handle: h in us.connected)  # type: ignore[misc]
        for key in "19#*0":
            us.phone.press(handle, key)
        us.until(lambda: us.phone.live_calls == 0)
    return {"ended": len(us.statuses), "left": us.phone.live_calls}


def trips(us: Caller, times: int) -> Figures:
    """The other side's callback fails: those calls are refused, and the next one stands."""
    for _ in range(times):
        us.dial()
        us.until(lambda: us.phone.live_calls == 0)
    refused = sum(status >= 400 for status in us.statuses)
    (us.folder / "tripped").touch()
    time.sleep(0.5)
    us.dial()
    us.until(lambda: len(us.connected) == 1)
    return {"refused": refused, "connected": len(us.connected)}


def loads(us: Caller, times: int) -> Figures:
    """New files under live calls; each call plays on from the file it began with, often to its very end."""
    luck = random.Random(1)
    files: dict[CallHandle, Path | None] = {us.dial(): None for _ in range(CALLS)}
    us.until(lambda: len(us.connected) == CALLS)
    slowest = 0.0
    for number in range(times):
        newest = us.folder / f"new-{number}.wav"
        newest.write_bytes((us.folder / "caller.wav").read_bytes())
        begun = time.monotonic()
        us.phone.load(newest)
        slowest = max(slowest, time.monotonic() - begun)
        newest.unlink()
        end = time.monotonic() + 1
        while time.monotonic() < end:
            call = luck.choice(sorted(us.connected))
            start = FILE_SAMPLES - luck.randint(1, 1600)
            us.phone.play(call, [Span(start, FILE_SAMPLES - start, files[call])])
            us.poll()
        oldest = min(us.connected)
        us.phone.hang_up(oldest)
        us.until(lambda o=oldest: o not in us.connected)  # type: ignore[misc]
        files[us.dial()] = newest
        us.until(lambda: len(us.connected) == CALLS)
    us.until(lambda: False, 4)
    kept = sum(len(set(slot._players.values())) for slot in us.phone._slots)
    return {
        "connected": len(us.connected),
        "ended": len(us.statuses),
        "players": kept,
        "retired": len(us.phone._retired),
        "slowest_ms": round(1000 * slowest),
    }


DEEDS: Final = {"loads": loads, "plays": plays, "lives": lives, "keys": keys, "trips": trips}


def main() -> None:
    role, port, folder, deed, *times = sys.argv[1:]
    if role == "callee":
        callee(int(port), Path(folder), deed)
        return
    us = Caller(int(port), Path(folder))
    figures = DEEDS[deed](us, int(times[0]))
    us.phone.close()
    print(json.dumps(figures))  # noqa: T201 -- to the test


if __name__ == "__main__":
    main()
