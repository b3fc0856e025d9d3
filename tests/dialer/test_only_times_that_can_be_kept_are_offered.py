from datetime import date, datetime, time, timedelta

import pytest
from calendar_by_hand import CLOSED, STOCKHOLM, local
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.calling_time import is_open
from appliance.dialer.later import LEEWAY, choices, moment
from appliance.settings import DialerSettings
from appliance.types import LaterTime

DELIVERED = DialerSettings()
ALWAYS = DialerSettings.model_validate({"hours": {"mon-sun": "00:00-24:00"}, "holidays": True})
HOUR = timedelta(hours=1)
PARTS = {
    LaterTime.THIS_EVENING: (0, time(17), time(21)),
    LaterTime.TOMORROW_MORNING: (1, time(9), time(12)),
    LaterTime.TOMORROW_AFTERNOON: (1, time(13), time(17)),
}


def offered(text: str, dialer: DialerSettings = DELIVERED) -> list[str]:
    """What a citizen on the phone at this local time may choose from, with local day and time of each."""
    now = local(text)
    return [
        f"{when} {moment(when, now, dialer, STOCKHOLM).astimezone(STOCKHOLM):%m-%d %H:%M}"
        for when in choices(now, dialer, STOCKHOLM)
    ]


@pytest.mark.parametrize(
    ("now", "times"),
    [
        (
            "2026-11-24 12:00",
            [
                "in_an_hour 11-24 13:00",
                "this_evening 11-24 17:00",
                "tomorrow_morning 11-25 09:00",
                "tomorrow_afternoon 11-25 13:00",
            ],
        ),
        (
            "2026-11-24 16:30",
            [
                "in_an_hour 11-24 17:30",
                "this_evening 11-24 18:30",
                "tomorrow_morning 11-25 09:00",
                "tomorrow_afternoon 11-25 13:00",
            ],
        ),
        ("2026-11-24 19:00", ["tomorrow_morning 11-25 09:00", "tomorrow_afternoon 11-25 13:00"]),
        ("2026-11-27 18:50", ["tomorrow_morning 11-28 10:00", "tomorrow_afternoon 11-28 13:00"]),  # Saturday hours
        ("2026-11-28 15:30", ["next_working_day 11-30 09:00"]),
        ("2026-12-23 19:30", ["next_working_day 12-28 09:00"]),  # Christmas, then a Sunday
        ("2026-12-30 19:30", ["next_working_day 01-04 09:00"]),  # New Year; Saturday is no working day
        ("2026-05-12 19:30", ["next_working_day 05-15 09:00"]),  # the eve of Ascension Day and the day itself
    ],
)
def test_the_calendar_decides_what_is_offered(now: str, times: list[str]) -> None:
    assert offered(now) == times


def test_no_time_is_offered_whose_opening_is_too_short_for_a_call_that_comes_late() -> None:
    hours = {"mon-sun": "08:00-09:10,12:50-13:15,13:40-20:00"}
    dialer = DialerSettings.model_validate({"hours": hours, "holidays": True})
    assert offered("2026-11-24 19:30", dialer) == []
    assert offered("2026-11-24 18:44", dialer) == ["in_an_hour 11-24 19:44"]


def test_a_box_with_holidays_still_knows_what_a_working_day_is() -> None:
    dialer = DialerSettings.model_validate({"hours": {"mon-fri": "09:00-20:00"}, "holidays": True})
    assert offered("2027-03-26 19:30", dialer) == ["next_working_day 03-30 09:00"]  # Easter


@pytest.mark.parametrize("night", ["2026-10-24 23:00", "2027-03-27 23:00"])
def test_an_hour_is_an_hour_in_the_nights_when_the_clock_is_changed(night: str) -> None:
    for quarter in range(40):
        now = local(night) + quarter * timedelta(minutes=15)
        for given_as in (now, now.astimezone(STOCKHOLM)):
            assert moment(LaterTime.IN_AN_HOUR, given_as, ALWAYS, STOCKHOLM) == now + HOUR
            assert moment(None, given_as, ALWAYS, STOCKHOLM) == now + 2 * HOUR


_HOURS = st.lists(st.integers(0, 24 * 12 - 1), min_size=2, max_size=6, unique=True).map(
    lambda marks: ",".join(
        f"{begin // 12:02}:{begin % 12 * 5:02}-{end // 12:02}:{end % 12 * 5:02}"
        for begin, end in zip(sorted(marks)[::2], sorted(marks)[1::2], strict=False)
    )
)
_WEEKS = st.dictionaries(st.sampled_from(["mon-wed", "thu", "fri", "sat", "sun"]), _HOURS, max_size=5)
_DIALERS = st.one_of(
    st.just(DELIVERED),
    st.just(ALWAYS),
    st.builds(
        lambda hours, holidays: DialerSettings.model_validate({"hours": hours, "holidays": holidays}),
        _WEEKS,
        st.booleans(),
    ),
)
_MOMENTS = st.integers(0, 700 * 24 * 60).map(
    lambda minutes: (local("2026-01-01 00:00") + timedelta(minutes=minutes)).astimezone(STOCKHOLM)
)


@given(now=_MOMENTS, dialer=_DIALERS)
@example(now=local("2026-10-24 12:00"), dialer=DELIVERED)
@example(now=local("2027-03-27 12:00"), dialer=ALWAYS)
def test_each_time_offered_is_open_in_the_future_and_what_its_name_says(now: datetime, dialer: DialerSettings) -> None:
    for when in choices(now, dialer, STOCKHOLM):
        for late in (timedelta(0), LEEWAY):
            rung = moment(when, now, dialer, STOCKHOLM) + late
            assert rung - now.astimezone(rung.tzinfo) >= HOUR
            assert is_open(rung, dialer, STOCKHOLM)
            check_name(when, now.astimezone(STOCKHOLM).date(), rung.astimezone(STOCKHOLM), dialer)
            if when is LaterTime.IN_AN_HOUR:
                assert rung - now.astimezone(rung.tzinfo) <= HOUR + 2 * LEEWAY


def check_name(when: LaterTime, today: date, here: datetime, dialer: DialerSettings) -> None:
    if when in PARTS:
        days, begin, end = PARTS[when]
        assert here.date() == today + timedelta(days=days)
        assert begin <= here.time() <= end
    elif when is LaterTime.NEXT_WORKING_DAY:
        tomorrow = today + timedelta(days=1)
        assert not dialer.hours[tomorrow.weekday()] or tomorrow in CLOSED
        assert here.date() > tomorrow
        assert here.weekday() < 5
        assert here.date() not in CLOSED
        assert time(9) <= here.time() <= time(17)


@given(now=_MOMENTS, dialer=_DIALERS)
def test_who_names_no_time_is_rung_when_it_is_open_and_not_within_two_hours(
    now: datetime, dialer: DialerSettings
) -> None:
    rung = moment(None, now, dialer, STOCKHOLM)
    assert rung - now.astimezone(rung.tzinfo) >= 2 * HOUR
    assert is_open(rung, dialer, STOCKHOLM) or not any(dialer.hours)
