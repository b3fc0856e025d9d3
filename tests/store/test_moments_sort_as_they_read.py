from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.store.clock import from_optional, from_text, to_text

ZONES = st.integers(-14, 14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.builds(datetime.fromtimestamp, st.floats(946_684_800, 4_102_444_800), ZONES)
"""Of this century, in any zone."""


@given(moments=st.lists(MOMENTS, min_size=2, max_size=6))
def test_text_and_time_have_one_order(moments: list[datetime]) -> None:
    whole = [moment.replace(microsecond=moment.microsecond // 1000 * 1000) for moment in moments]
    assert sorted(map(to_text, whole)) == [to_text(moment) for moment in sorted(whole)]


@given(moment=MOMENTS)
def test_a_moment_comes_back_to_the_millisecond(moment: datetime) -> None:
    text = to_text(moment)
    assert len(text) == len("2026-11-21T20:55:52.123Z")
    assert timedelta(0) <= moment - from_text(text) < timedelta(milliseconds=1)
    assert from_text(text).tzinfo == UTC


def test_nothing_stays_nothing() -> None:
    assert from_optional(None) is None


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        to_text(datetime(2026, 11, 21))  # noqa: DTZ001 -- that is the fault
