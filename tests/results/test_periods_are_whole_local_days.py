from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.results.periods import Period, span_before, span_of, year_span

STOCKHOLM = ZoneInfo("Europe/Stockholm")
moments = st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)).map(lambda moment: moment.replace(tzinfo=UTC))  # noqa: DTZ001 -- hypothesis wants its bounds naive


@given(moments, st.sampled_from([Period.WEEK, Period.MONTH]))
def test_a_period_ends_with_today_and_follows_on_the_one_before(now: datetime, period: Period) -> None:
    span, before = span_of(period, now, STOCKHOLM, None), span_before(period, now, STOCKHOLM)
    assert before is not None
    assert span.begin <= now < span.end
    assert before.end == span.begin
    days = 7 if period is Period.WEEK else 28
    for one in (span, before):
        assert (one.end.date() - one.begin.date()).days == days
        assert (one.begin.hour, one.begin.minute, one.end.hour) == (0, 0, 0)


def test_the_nights_of_summer_time_have_23_and_25_hours() -> None:
    for now, hours in ((datetime(2027, 3, 28, 12, tzinfo=UTC), -1), (datetime(2026, 10, 25, 12, tzinfo=UTC), 1)):
        span = span_of(Period.WEEK, now, STOCKHOLM, None)
        assert span.end.astimezone(UTC) - span.begin.astimezone(UTC) == timedelta(days=7, hours=hours)


def test_all_begins_with_the_first_contact_and_has_nothing_before() -> None:
    now, first = datetime(2026, 11, 21, 12, tzinfo=UTC), datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert span_of(Period.ALL, now, STOCKHOLM, first).begin == datetime(2026, 3, 2, tzinfo=STOCKHOLM)
    assert span_before(Period.ALL, now, STOCKHOLM) is None


@pytest.mark.parametrize("year", [2024, 2026])
def test_a_year_begins_and_ends_at_local_midnight(year: int) -> None:
    span = year_span(year, STOCKHOLM)
    assert span.begin.astimezone(UTC) == datetime(year - 1, 12, 31, 23, tzinfo=UTC)
    assert span.end.astimezone(UTC) == datetime(year, 12, 31, 23, tzinfo=UTC)
