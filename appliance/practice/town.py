"""The practice municipality's telephone traffic: contacts end, and the exchange reports them as call records."""

import csv
import os
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.practice.people import Habit, citizen_of

_COLUMNS: Final = ("call_id", "ended_at", "number", "queue", "wait_seconds", "talk_seconds", "direction", "answered")
_QUEUES: Final = ("Växel", "Bygg och bo", "Skola och förskola", "Vård och omsorg", "Trafik och gator", "Socialtjänst")
_PAUSE_SECONDS: Final = (3.0, 11.0)
_UNREACHABLE: Final = ("", "4021")
"""A hidden number and an internal extension."""


class Town:
    """Writes call records into the inbox, the first ones at once."""

    def __init__(self, inbox: Path, seed: int) -> None:
        self._inbox = inbox
        self._luck = random.Random(seed)  # noqa: S311 -- a simulation
        self._next_at = 0.0
        self._count = 0
        helpful = [n for n in FICTIONAL_NUMBERS if citizen_of(n).habit is Habit.REGULAR]
        others = list(FICTIONAL_NUMBERS)
        self._luck.shuffle(helpful)
        self._luck.shuffle(others)
        self._helpful, self._others = helpful, others

    def tick(self, now: float) -> None:
        """Report the contacts that have ended by now (monotonic seconds)."""
        if now < self._next_at:
            return
        self._report(4 if self._count == 0 else self._luck.choice((1, 1, 2)))
        self._next_at = now + self._luck.uniform(*_PAUSE_SECONDS)

    def _report(self, contacts: int) -> None:
        self._inbox.mkdir(mode=0o700, parents=True, exist_ok=True)
        begun = datetime.now(UTC)
        path = self._inbox / f"town-{begun:%H%M%S}-{self._count}.csv"
        draft = path.with_suffix(".draft")
        with draft.open("w", encoding="utf-8", newline="") as file:
            rows = csv.DictWriter(file, _COLUMNS)
            rows.writeheader()
            rows.writerows(self._record(begun) for _ in range(contacts))
        os.utime(draft, (0, 0))  # it is whole: nobody need wait until it has rested
        draft.rename(path)

    def _record(self, ended_at: datetime) -> dict[str, object]:
        self._count += 1
        answered = self._count < 5 or self._luck.random() < 0.93
        return {
            "call_id": f"{ended_at:%Y%m%d%H%M%S}-{self._count}",
            "ended_at": (ended_at - timedelta(seconds=self._luck.randint(0, 5))).isoformat(),
            "number": self._number(),
            "queue": self._luck.choices(_QUEUES, weights=(6, 4, 4, 4, 3, 1))[0] if self._count > 4 else "Växel",
            "wait_seconds": int(self._luck.expovariate(1 / 120)),
            "talk_seconds": 30 + int(self._luck.expovariate(1 / 150)) if answered else 0,
            "direction": "inbound",
            "answered": int(answered),
        }

    def _number(self) -> str:
        """Mostly people who take part; each number comes round again only after all others."""
        if self._count > 4 and self._luck.random() < 0.06:
            return self._luck.choice(_UNREACHABLE)
        pool = self._helpful if self._count <= 4 or self._luck.random() < 0.4 else self._others
        number = pool.pop(0)
        pool.append(number)
        return number
