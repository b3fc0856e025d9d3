from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_up import MadeUp
from records import NOW, NUMBERS, STOCKHOLM, contact, reasons, register_of, settings_with

from appliance.intake.draw import allowance, period_begin
from appliance.store import draws, interviews
from appliance.types import DrawReason, EndedContact, Outcome

MORNING = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
"""8 o'clock on a Tuesday."""
MINUTE = timedelta(minutes=1)


def limits(**draw: Any) -> Any:
    return settings_with(dialer={"quiet_days": 0}, draw={"spread_over": "", **draw})


def calls(count: int, queue: str = "Växel", at: datetime = NOW, step: timedelta = timedelta()) -> list[EndedContact]:
    return [
        contact(f"{queue}-{at:%d%H%M}-{n}", NUMBERS[n % len(NUMBERS)], queue=queue, at=at + n * step)
        for n in range(count)
    ]


def queued(box: MadeUp) -> int:
    return reasons(box.db).count(DrawReason.QUEUED)


def test_the_cap_ends_the_day_and_the_next_has_its_own(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, limits(daily_cap=3))
    register.admit_all(calls(5), NOW)
    assert reasons(box.db) == ["queued"] * 3 + ["quota_full"] * 2
    tomorrow = NOW + timedelta(days=1)
    register.admit_all(calls(5, at=tomorrow), tomorrow)
    assert queued(box) == 6


def test_the_day_is_the_municipality_s_own(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, limits(daily_cap=1))
    late = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)
    register.admit_all(calls(1, at=late), late)
    after_midnight = late + timedelta(hours=1)
    assert register.admit(calls(1, at=after_midnight)[0], after_midnight).reason is DrawReason.QUEUED
    assert [day.isoformat() for day in draws.all_days(box.db)] == ["2026-11-24", "2026-11-25"]


def test_the_cap_is_spread_over_the_hours(box: MadeUp) -> None:
    """600 calls from 8 to 18, of which 90 may be queued by 17: ten an hour."""
    register = register_of(box.db, box.directory, limits(daily_cap=90, spread_over="08:00-17:00"))
    for one in calls(600, at=MORNING, step=MINUTE):
        register.admit(one, one.ended_at)
    assert _by_hour(box) == dict.fromkeys(range(8, 17), 10)


def test_records_that_come_in_a_heap_at_night_are_spread_all_the_same(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, limits(daily_cap=90, spread_over="08:00-17:00"))
    register.admit_all(calls(600, at=MORNING, step=MINUTE), datetime(2026, 11, 24, 23, 30, tzinfo=UTC))
    assert _by_hour(box) == dict.fromkeys(range(8, 17), 10)


def _by_hour(box: MadeUp) -> Mapping[int, int]:
    rows = box.db.execute("SELECT ended_at FROM contacts WHERE reason = 'queued'").fetchall()
    return Counter(datetime.fromisoformat(row[0]).astimezone(STOCKHOLM).hour for row in rows)


@given(cap=st.integers(1, 5_000), minute=st.integers(0, 1_439))
def test_what_may_be_queued_never_shrinks_and_never_exceeds_the_cap(cap: int, minute: int) -> None:
    local = datetime(2026, 11, 24, tzinfo=STOCKHOLM) + minute * MINUTE
    now, later = (allowance(cap, "08:00-17:00", at) for at in (local, local + MINUTE))
    assert 1 <= now <= later <= cap or minute == 1_439
    assert allowance(cap, "", local) == cap
    if minute >= 17 * 60:
        assert now == cap


@pytest.mark.parametrize(
    ("per", "today", "begin"),
    [
        ("day", "2026-11-24", "2026-11-24"),
        ("week", "2026-11-24", "2026-11-23"),
        ("week", "2026-11-23", "2026-11-23"),
        ("week", "2027-01-03", "2026-12-28"),
        ("month", "2026-11-24", "2026-11-01"),
        ("month", "2026-12-01", "2026-12-01"),
    ],
)
def test_a_quota_counts_from(per: str, today: str, begin: str) -> None:
    assert period_begin(per, datetime.fromisoformat(today).date()).isoformat() == begin


@pytest.mark.parametrize(
    ("per", "same", "next_one"),
    [("day", NOW, NOW + timedelta(days=1)),
     ("week", NOW + timedelta(days=3), NOW + timedelta(days=6)),
     ("month", NOW + timedelta(days=6), NOW + timedelta(days=7))],
)  # fmt: skip
def test_a_quota_is_a_queue_s_own_and_ends_with_its_period(
    box: MadeUp, per: str, same: datetime, next_one: datetime
) -> None:
    register = register_of(box.db, box.directory, limits(quotas=({"queue": "bygg", "per": per, "interviews": 2},)))
    register.admit_all(calls(3, "Bygg"), NOW)
    register.admit_all(calls(2, "Växel"), NOW)
    assert reasons(box.db) == ["queued", "queued", "quota_full", "queued", "queued"]
    if per != "day":
        assert register.admit(calls(1, "BYGG", same)[0], same).reason is DrawReason.QUOTA_FULL
    assert register.admit(calls(1, "Bygg", next_one)[0], next_one).reason is DrawReason.QUEUED


@pytest.mark.parametrize(
    ("outcome", "frees"),
    [(Outcome.COMPLETED, False), (Outcome.PARTIAL, False), (Outcome.NO_ANSWER, True), (Outcome.REFUSED, True)],
)
def test_a_call_that_came_to_nothing_frees_its_place(box: MadeUp, outcome: Outcome, frees: bool) -> None:
    register = register_of(box.db, box.directory, limits(quotas=({"queue": "Växel", "per": "week", "interviews": 1},)))
    register.admit(contact("1"), NOW)
    (interview_id,) = interviews.all_ids(box.db)
    interviews.close(box.db, interview_id, outcome, NOW)
    reason = register.admit(contact("2", NUMBERS[1]), NOW).reason
    assert reason is (DrawReason.QUEUED if frees else DrawReason.QUOTA_FULL)


def test_a_withdrawn_call_frees_its_place_and_no_other(box: MadeUp) -> None:
    """Within one batch, in which the places are counted along; one whose call came to nothing held none."""
    settings = limits(quotas=({"queue": "Växel", "per": "month", "interviews": 2},))
    register = register_of(box.db, box.directory, settings)
    ours = [replace(one, linked_id=str(n)) for n, one in enumerate(calls(8))]
    denied = [replace(one, queue="Socialtjänst", source_call_id=f"denied-{one.linked_id}") for one in ours]
    register.admit(ours[0], NOW)
    interviews.close(box.db, interviews.all_ids(box.db)[0], Outcome.NO_ANSWER, NOW)
    register.admit_all([ours[1], denied[0], ours[2], ours[3], denied[1], denied[2], *ours[4:]], NOW)
    queued_ids = [row[0] for row in box.db.execute("SELECT source_call_id FROM contacts WHERE reason = 'queued'")]
    assert queued_ids == [one.source_call_id for one in ours[4:6]]


def test_a_queue_has_a_share_of_its_own_by_whatever_case(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, limits(queue_shares={"växel": 0.0, "Bygg": 1.0}))
    assert register.admit(calls(1, "VÄXEL")[0], NOW).reason is DrawReason.NOT_DRAWN
    assert register.admit(calls(1, "bygg")[0], NOW).reason is DrawReason.QUEUED
    assert [row[0] for row in box.db.execute("SELECT share FROM contacts")] == [0.0, 1.0]
    assert [row[0] for row in box.db.execute("SELECT weight FROM interviews")] == [1.0]


def test_the_weight_is_how_many_a_drawn_one_stands_for(box: MadeUp) -> None:
    register = register_of(box.db, box.directory, settings_with(dialer={"share": 0.4, "quiet_days": 0}))
    register.admit_all(calls(30), NOW)
    assert {row[0] for row in box.db.execute("SELECT weight FROM interviews")} == {2.5}


def test_who_cannot_be_rung_in_time_is_not_queued(box: MadeUp) -> None:
    """Friday evening, with a weekend that is closed and 24 hours' patience."""
    settings = settings_with(dialer={"hours": {"mon-fri": "09:00-18:00"}, "latest_hours": 24, "quiet_days": 0})
    friday = datetime(2026, 11, 27, 17, 30, tzinfo=UTC)
    register = register_of(box.db, box.directory, settings)
    assert register.admit(contact("1", at=friday), friday).reason is DrawReason.TOO_LATE
    thursday = friday - timedelta(days=1)
    assert register.admit(contact("2", at=thursday), thursday).reason is DrawReason.QUEUED
    assert register.admit(contact("3", at=NOW - timedelta(hours=25)), NOW).reason is DrawReason.TOO_LATE
