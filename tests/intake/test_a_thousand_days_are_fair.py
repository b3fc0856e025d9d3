"""A thousand days drawn by real seeds: is the share met, and does anything about a contact tell its luck?

The seeds are new at every run, so the limit is one in a million: a draw that is at fault fails by far more than that.
"""

import random
import secrets
import uuid
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from made_up import MadeUp
from records import NUMBERS, contact, register_of, settings_with
from scipy import stats

from appliance.intake.draw import allowance, is_drawn
from appliance.intake.draw_record import audit_day

DAYS = 1_000
LIMIT = 1e-6
QUEUES = ("Växel", "Bygg och bo", "Skola", "Vård och omsorg", "Trafik")
HOURS = (8, 9, 10, 11, 12, 13, 14, 15, 16)
RUSH = (14, 18, 16, 12, 8, 11, 9, 7, 5)
"""How many of a hundred calls end in each hour: a contact center's usual day."""
FIRST = datetime(2026, 1, 5, tzinfo=UTC)


@dataclass(frozen=True)
class Drawn:
    day: int
    hour: int
    queue: str
    citizen: int
    drawn: bool


CALL_IDS: dict[str, Callable[[int, int], str]] = {
    "asterisk": lambda day, n: f"{1767600000 + day * 86_400 + n * 57}.{day * 999 + n}",
    "counter": lambda day, n: str(day * 10_000 + n),
    "counter of each day": lambda _, n: f"{n:05}",
    "uuid": lambda day, n: str(uuid.UUID(int=random.Random(day * 10_000 + n).getrandbits(128))),
}


def thousand_days(contacts: int, share: float, call_id: Callable[[int, int], str]) -> list[Drawn]:
    luck = random.Random(1)
    found = []
    for day in range(DAYS):
        seed = secrets.token_bytes(32)
        for n, hour in enumerate(sorted(luck.choices(HOURS, RUSH, k=contacts))):
            drawn = is_drawn(seed, "pbx", call_id(day, n), share)
            found.append(Drawn(day, hour, luck.choice(QUEUES), luck.randrange(300), drawn))
    return found


def probabilities(found: Sequence[Drawn], share: float) -> dict[str, float]:
    """Of luck at least this lopsided were the draw fair, by what it might depend on."""
    drawn = np.array([one.drawn for one in found])
    by_day = np.array([one.day for one in found])
    of_day, in_day = np.bincount(by_day, drawn), np.bincount(by_day)
    z = (of_day - share * in_day) / np.sqrt(in_day * share * (1 - share))
    same_day = by_day[1:] == by_day[:-1]
    length = int(in_day.min())
    days = [drawn[begin : begin + length] for begin in np.concatenate(([0], np.cumsum(in_day)[:-1]))]
    return {
        "share": float(stats.binomtest(int(drawn.sum()), len(drawn), share).pvalue),
        "spread of days": float(2 * min(stats.chi2.sf(z @ z, DAYS), stats.chi2.cdf(z @ z, DAYS))),
        "p-values of days uniform": float(stats.kstest(_luck_of(of_day, in_day, share), "uniform").pvalue),
        "queue": _crossed([one.queue for one in found], drawn),
        "hour": _crossed([one.hour for one in found], drawn),
        "weekday": _crossed([one.day % 7 for one in found], drawn),
        "citizen": _crossed([one.citizen for one in found], drawn),
        "neighbour": _crossed(drawn[:-1][same_day], drawn[1:][same_day]),
        "the day before": _crossed(np.concatenate(days[:-1]), np.concatenate(days[1:])),
        "citizen's last time": _crossed(*_successive(found)),
    }


def _luck_of(drawn: np.ndarray, contacts: np.ndarray, share: float) -> np.ndarray:
    """How far up each day's count lies among all that are possible, 0–1; spread within its own step to be exact."""
    below, within = stats.binom.cdf(drawn - 1, contacts, share), stats.binom.pmf(drawn, contacts, share)
    return np.asarray(below + np.random.default_rng(6).random(len(drawn)) * within)


def _crossed(one: Sequence[object], drawn: Sequence[bool]) -> float:
    counts = Counter(zip(one, drawn, strict=True))
    kinds = sorted({kind for kind, _ in counts}, key=str)
    return float(stats.chi2_contingency([[counts[kind, False], counts[kind, True]] for kind in kinds]).pvalue)


def _successive(found: Sequence[Drawn]) -> tuple[list[bool], list[bool]]:
    """Each citizen's luck in a call, and in the one after it."""
    last: dict[int, bool] = {}
    before, after = [], []
    for one in found:
        if one.citizen in last:
            before.append(last[one.citizen])
            after.append(one.drawn)
        last[one.citizen] = one.drawn
    return before, after


@pytest.mark.parametrize("kind", CALL_IDS)
@pytest.mark.parametrize("contacts", [120, pytest.param(600, marks=pytest.mark.slow)])
@pytest.mark.parametrize("share", [0.25, pytest.param(0.05, marks=pytest.mark.slow)])
def test_nothing_about_a_contact_tells_its_luck(kind: str, contacts: int, share: float) -> None:
    _is_fair(thousand_days(contacts, share, CALL_IDS[kind]), share)


def _is_fair(found: Sequence[Drawn], share: float) -> None:
    p = probabilities(found, share)
    told = {what: float(f"{value:.3g}") for what, value in p.items()}
    print(f"{sum(one.drawn for one in found)} of {len(found)} drawn, share {share}: {told}")  # noqa: T201 -- the measure
    assert {what: value for what, value in told.items() if value < LIMIT} == {}


def test_a_draw_at_fault_would_be_seen() -> None:
    """One that favours the morning by a tenth of the share, one that remembers, one that is too even."""
    fair = thousand_days(120, 0.25, CALL_IDS["asterisk"])
    luck = random.Random(2)
    morning = [Drawn(*_but(one, one.drawn or (one.hour < 10 and luck.random() < 0.04))) for one in fair]
    assert probabilities(morning, 0.25)["hour"] < LIMIT
    even = [Drawn(*_but(one, n % 4 == 0)) for n, one in enumerate(fair)]
    assert probabilities(even, 0.25)["spread of days"] < LIMIT
    assert probabilities(even, 0.25)["neighbour"] < LIMIT


def _but(one: Drawn, drawn: bool) -> tuple[int, int, str, int, bool]:
    return one.day, one.hour, one.queue, one.citizen, drawn


@pytest.mark.parametrize("cap", [45, 90])
def test_a_cap_is_spread_evenly_over_a_day_that_is_not(cap: int) -> None:
    """600 calls a day, of which a quarter is drawn: each hour gets about its ninth of the cap."""
    per_hour = Counter(_queued_hours(cap, "08:00-17:00"))
    shares = {hour: per_hour[hour] / per_hour.total() for hour in HOURS}
    assert max(shares.values()) < 0.15
    assert min(shares.values()) > 0.07
    rush = Counter(_queued_hours(cap, ""))
    assert sum(rush[hour] for hour in (8, 9, 10)) / rush.total() > 0.65, "unspread it is the morning's"


def _queued_hours(cap: int, spread_over: str, days: int = 100) -> Iterator[int]:
    luck = random.Random(3)
    for day in range(days):
        seed, queued = secrets.token_bytes(32), 0
        minutes = sorted(60 * hour + luck.randrange(60) for hour in luck.choices(HOURS, RUSH, k=600))
        for n, minute in enumerate(minutes):
            local = FIRST + timedelta(minutes=minute)
            if is_drawn(seed, "pbx", f"{day}.{n}", 0.25) and queued < allowance(cap, spread_over, local):
                queued += 1
                yield minute // 60


@pytest.mark.slow
def test_a_thousand_days_through_the_register_are_fair_and_stand_up_to_an_audit(tmp_path: Path) -> None:
    box = MadeUp(tmp_path)
    settings = settings_with(
        dialer={"share": 0.25, "quiet_days": 0, "hours": {"mon-sun": "00:00-24:00"}, "holidays": True}
    )
    register = register_of(box.db, box.directory, settings)
    luck, number, citizens = random.Random(4), 0, dict[str, int]()
    for day in range(DAYS):
        at = FIRST + timedelta(days=day)
        ended = []
        for hour in sorted(luck.choices(HOURS, RUSH, k=120)):
            number += 1
            when = at + timedelta(hours=hour, minutes=luck.randrange(60))
            citizen = luck.choice(NUMBERS)
            call_id = str(uuid.UUID(int=number))  # one that tells a number would be stored as its fingerprint
            citizens[call_id] = NUMBERS.index(citizen)
            ended.append(contact(call_id, citizen, queue=luck.choice(QUEUES), at=when))
        register.admit_all(ended, at + timedelta(hours=18))
    rows = box.db.execute(
        "SELECT draw_day, ended_at, queue, source_call_id, reason FROM contacts ORDER BY id"
    ).fetchall()
    days = {day: n for n, day in enumerate(dict.fromkeys(row[0] for row in rows))}
    found = [Drawn(days[row[0]], int(row[1][11:13]), row[2], citizens[row[3]], row[4] == "queued") for row in rows]
    assert len(days) == DAYS
    _is_fair(found, 0.25)
    for day in days:
        assert audit_day(box.db, datetime.fromisoformat(day).date())[1].findings == ()
    box.db.close()
