from datetime import date, timedelta

import pytest
from calendar_by_hand import CLOSED, EVES, RED, STOCKHOLM, local

from appliance.calling_time import is_open
from appliance.settings import DialerSettings

ALWAYS = {"mon-sun": "00:00-24:00"}
MINUTES = [f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 1440, 30)]


@pytest.mark.parametrize("day", sorted(RED | EVES.keys()))
def test_a_red_day_or_an_eve_is_closed_from_midnight_to_midnight(day: str) -> None:
    dialer = DialerSettings.model_validate({"hours": ALWAYS})
    assert not any(is_open(local(f"{day} {minute}"), dialer, STOCKHOLM) for minute in [*MINUTES, "23:59:59"])


def test_every_other_day_of_two_years_is_open() -> None:
    dialer = DialerSettings.model_validate({"hours": ALWAYS})
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(730)]
    closed = {day for day in days if not is_open(local(f"{day} 12:00"), dialer, STOCKHOLM)}
    assert closed == CLOSED


def test_only_the_practice_municipality_rings_on_holidays() -> None:
    dialer = DialerSettings.model_validate({"hours": ALWAYS, "holidays": True})
    assert all(is_open(local(f"{day} 12:00"), dialer, STOCKHOLM) for day in RED | EVES.keys())
    assert not DialerSettings().holidays
