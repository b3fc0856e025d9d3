"""At 03:00 on 2026-10-25 it is 02:00 once more; at 02:00 on 2027-03-28, an Easter Sunday, it is 03:00."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from calendar_by_hand import STOCKHOLM

from appliance.calling_time import is_open, next_open
from appliance.settings import DialerSettings

MINUTE = timedelta(minutes=1)
AUTUMN = datetime(2026, 10, 24, 22, 0, tzinfo=UTC)
SPRING = datetime(2027, 3, 27, 23, 0, tzinfo=UTC)
"""Midnight before each."""


def night(midnight: datetime) -> Iterator[datetime]:
    """Each minute that really passes until it is morning."""
    yield from (midnight + number * MINUTE for number in range(8 * 60))


def dialer_of(hours: str, holidays: bool = True) -> DialerSettings:
    return DialerSettings.model_validate({"hours": {"mon-sun": hours}, "holidays": holidays})


def minutes_open(midnight: datetime, hours: str) -> int:
    dialer = dialer_of(hours)
    return sum(is_open(moment, dialer, STOCKHOLM) for moment in night(midnight))


@pytest.mark.parametrize("midnight", [AUTUMN, SPRING])
def test_as_delivered_nobody_is_rung_in_either_night(midnight: datetime) -> None:
    assert not any(is_open(moment, DialerSettings(), STOCKHOLM) for moment in night(midnight))


@pytest.mark.parametrize(
    ("hours", "in_autumn", "in_spring"),
    [
        ("02:00-03:00", 120, 0),  # the hour that comes twice, or not at all
        ("01:30-03:30", 180, 60),
        ("03:00-04:00", 60, 60),
        ("02:30-02:40", 20, 0),
        ("02:30-04:00", 120, 60),
    ],
)
def test_the_clock_on_the_citizen_s_wall_decides(hours: str, in_autumn: int, in_spring: int) -> None:
    assert (minutes_open(AUTUMN, hours), minutes_open(SPRING, hours)) == (in_autumn, in_spring)


@pytest.mark.parametrize("midnight", [AUTUMN, SPRING])
@pytest.mark.parametrize("hours", ["02:00-03:00", "02:30-02:40", "02:30-04:00", "02:00-02:01,03:00-03:01"])
def test_the_next_opening_is_open_and_not_before(midnight: datetime, hours: str) -> None:
    dialer = dialer_of(hours)
    for moment in night(midnight):
        for given in (moment, moment.astimezone(STOCKHOLM)):
            opening = next_open(given, dialer, STOCKHOLM)
            assert opening >= moment
            assert is_open(opening.astimezone(UTC), dialer, STOCKHOLM), f"{moment} → {opening}"


@pytest.mark.parametrize("midnight", [AUTUMN, SPRING])
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)])
def test_a_clock_that_jumps_opens_nothing_that_is_closed_by_it(midnight: datetime, jump: timedelta) -> None:
    dialer = dialer_of("09:00-20:00", holidays=False)
    for moment in night(midnight):
        for shown in (moment - jump, moment + jump):
            hour = shown.astimezone(STOCKHOLM).hour
            assert not is_open(shown, dialer, STOCKHOLM) or 9 <= hour < 20
