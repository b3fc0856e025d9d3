from datetime import UTC, datetime, timedelta

import pytest
from calendar_by_hand import CLOSED, STOCKHOLM, local
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from appliance.calling_time import is_open, next_open
from appliance.settings import DialerSettings

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MINUTES = st.integers(0, 1440)
MOMENTS = st.integers(1_767_222_000, 1_830_290_400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))
"""Of 2026 and 2027."""

Week = dict[str, list[int]]
"""Weekdays with one span or two: minutes of the day, begin and end in turn."""


@st.composite
def weeks(draw: st.DrawFn) -> Week:
    open_days = draw(st.integers(1, 127))
    minutes = sorted({draw(MINUTES), draw(MINUTES), draw(MINUTES), draw(MINUTES)})
    assume(len(minutes) > 1)
    return {day: minutes for number, day in enumerate(DAYS) if open_days >> number & 1}


def pairs(minutes: list[int]) -> list[tuple[int, int]]:
    return list(zip(minutes[::2], minutes[1::2], strict=False))


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def dialer_of(week: Week) -> DialerSettings:
    hours = {day: ",".join(f"{clock(b)}-{clock(e)}" for b, e in pairs(minutes)) for day, minutes in week.items()}
    return DialerSettings.model_validate({"hours": hours})


def allowed(week: Week, moment: datetime) -> bool:
    """What the hours say, read once more in the plainest way."""
    here = moment.astimezone(STOCKHOLM)
    minute = here.hour * 60 + here.minute
    within = any(begin <= minute < end for begin, end in pairs(week.get(DAYS[here.weekday()], [])))
    return within and here.date() not in CLOSED


def check(week: Week, moment: datetime) -> None:
    dialer = dialer_of(week)
    assert is_open(moment, dialer, STOCKHOLM) == allowed(week, moment)
    opening = next_open(moment, dialer, STOCKHOLM)
    assert opening >= moment
    assert allowed(week, opening)
    assert (opening == moment) == allowed(week, moment)


@settings(max_examples=2_000)
@given(week=weeks(), moment=MOMENTS)
def test_at_any_moment_of_two_years_by_any_hours(week: Week, moment: datetime) -> None:
    check(week, moment)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(week=weeks(), moment=MOMENTS)
def test_at_ten_thousand_moments_of_two_years_by_any_hours(week: Week, moment: datetime) -> None:
    check(week, moment)


@settings(max_examples=300)
@given(moment=MOMENTS, before=st.floats(0, 0.9999))
def test_the_next_opening_is_the_first_one(moment: datetime, before: float) -> None:
    dialer = DialerSettings()
    opening = next_open(moment, dialer, STOCKHOLM)
    if opening > moment:
        assert not is_open(moment + before * (opening - moment), dialer, STOCKHOLM)


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        ("2026-11-24 08:59:59", False),  # a Tuesday
        ("2026-11-24 09:00:00", True),
        ("2026-11-24 19:59:59", True),
        ("2026-11-24 20:00:00", False),
        ("2026-11-28 09:59:59", False),  # a Saturday
        ("2026-11-28 10:00:00", True),
        ("2026-11-28 16:00:00", False),
        ("2026-11-29 12:00:00", False),  # a Sunday
    ],
)
def test_the_hours_as_delivered(moment: str, opens: bool) -> None:
    assert is_open(local(moment), DialerSettings(), STOCKHOLM) == opens


@pytest.mark.parametrize("day", DAYS)
def test_a_box_open_one_weekday_only_finds_it_through_all_holidays(day: str) -> None:
    dialer = DialerSettings.model_validate({"hours": {day: "09:00-10:00"}})
    for number in range(700):
        moment = local("2026-01-01 12:00") + timedelta(days=number)
        assert is_open(next_open(moment, dialer, STOCKHOLM), dialer, STOCKHOLM), moment


def test_a_box_that_is_never_open_rings_nobody_and_ends_its_search() -> None:
    dialer = DialerSettings.model_validate({"hours": {}})
    moment = local("2026-11-24 12:00")
    assert not is_open(moment, dialer, STOCKHOLM)
    assert next_open(moment, dialer, STOCKHOLM) > moment
