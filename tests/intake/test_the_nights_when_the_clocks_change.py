"""Sweden, 2026: at 01:00 UTC on 29 March the clocks go from 02:00 to 03:00, on 25 October from 03:00 to 02:00."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from profiles import reader_of
from records import NOW, STOCKHOLM

from appliance.intake.moments import Clock
from appliance.intake.profile import Profile
from appliance.intake.record import UnreadableError
from appliance.types import EndedContact

ISO = Clock("iso", STOCKHOLM)
AUTUMN = datetime(2026, 10, 25, tzinfo=UTC)
SPRING = datetime(2026, 3, 29, tzinfo=UTC)


def test_a_time_that_comes_twice_is_the_earlier_of_the_two() -> None:
    assert ISO.read("2026-10-25T02:30:00", NOW) == AUTUMN + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("begin_minutes", "written", "minutes"),
    [
        (20, "02:30", 30),  # began 02:20, the first time
        (50, "02:10", 70),  # began 02:50 the first time, ended 02:10 the second time
        (70, "02:30", 90),  # both the second time
        (50, "03:10", 130),
        (130, "02:30", 30),  # ended before it began: no reading mends that
    ],
)
def test_what_is_known_of_the_call_s_begin_decides(begin_minutes: int, written: str, minutes: int) -> None:
    begin = AUTUMN + timedelta(minutes=begin_minutes)
    assert ISO.read(f"2026-10-25T{written}:00", NOW, begin) == AUTUMN + timedelta(minutes=minutes)


def test_a_time_that_is_skipped_was_written_by_a_clock_that_had_not_been_put_forward() -> None:
    assert ISO.read("2026-03-29T02:30:00", NOW) == SPRING + timedelta(minutes=90)
    assert ISO.read("2026-03-29T01:59:59", NOW) == SPRING + timedelta(minutes=60, seconds=-1)
    assert ISO.read("2026-03-29T03:00:00", NOW) == SPRING + timedelta(minutes=60)


@given(st.integers(min_value=-36 * 3600, max_value=36 * 3600), st.sampled_from([AUTUMN, SPRING]))
@example(3600, AUTUMN)
def test_no_reading_is_later_than_the_call_was(seconds: int, night: datetime) -> None:
    moment = night + timedelta(seconds=seconds)
    read = ISO.read(f"{moment.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M:%S}", NOW)
    assert moment - read in {timedelta(), timedelta(hours=1)}
    assert (moment == read) or night == AUTUMN


@given(
    st.integers(min_value=-6 * 3600, max_value=6 * 3600),
    st.integers(min_value=0, max_value=3600),
    st.sampled_from([AUTUMN, SPRING]),
)
def test_a_call_shorter_than_an_hour_keeps_its_length_where_its_begin_is_known(
    seconds: int, length: int, night: datetime
) -> None:
    begin = night + timedelta(seconds=seconds)
    ended = begin + timedelta(seconds=length)
    local = f"{ended.astimezone(STOCKHOLM):%Y-%m-%dT%H:%M:%S}"
    read = ISO.read(local, NOW, begin)
    assert begin <= read <= ended, "whoever began the second time has ended the second time"
    if not night + timedelta(hours=0) <= begin <= night + timedelta(hours=2) or night == SPRING:
        assert read == ended


@pytest.mark.parametrize(("written", "zone"), [("2026-10-25T02:30:00+01:00", 90), ("2026-10-25T02:30:00Z", 150)])
def test_an_offset_leaves_no_doubt(written: str, zone: int) -> None:
    assert ISO.read(written, NOW) == AUTUMN + timedelta(minutes=zone)


def test_a_time_of_day_alone_is_the_latest_that_has_been() -> None:
    clock = Clock("%H%M", STOCKHOLM)
    now = datetime(2026, 11, 24, 14, 32, tzinfo=UTC)  # 15:32 in Sweden
    assert clock.read("1531", now) == datetime(2026, 11, 24, 14, 31, tzinfo=UTC)
    assert clock.read("1600", now) == datetime(2026, 11, 24, 15, 0, tzinfo=UTC), "a little fast"
    assert clock.read("2359", now) == datetime(2026, 11, 23, 22, 59, tzinfo=UTC)
    midnight = datetime(2026, 11, 24, 22, 58, tzinfo=UTC)
    assert clock.read("0001", midnight) == datetime(2026, 11, 24, 23, 1, tzinfo=UTC), "a little fast, over midnight"


def test_a_date_without_a_year_is_the_latest_that_has_been() -> None:
    clock = Clock("%m%d %H%M", STOCKHOLM)
    new_year = datetime(2027, 1, 1, 0, 5, tzinfo=UTC)
    assert clock.read("1231 2358", new_year) == datetime(2026, 12, 31, 22, 58, tzinfo=UTC)
    assert clock.read("0101 0104", new_year) == datetime(2027, 1, 1, 0, 4, tzinfo=UTC)
    assert clock.read("0229 1200", new_year) == datetime(2024, 2, 29, 11, 0, tzinfo=UTC)
    just_before = datetime(2026, 12, 31, 22, 58, tzinfo=UTC)
    assert clock.read("0101 0001", just_before) == datetime(2026, 12, 31, 23, 1, tzinfo=UTC), (
        "its clock is a little fast"
    )
    for nonsense in ("0230 1200", "1332 2561", "111 1111", "1231 235"):
        with pytest.raises(UnreadableError, match=r"^is no time; expected %m%d %H%M$"):
            clock.read(nonsense, new_year)


def test_the_epoch_s_seconds_are_utc() -> None:
    clock = Clock("epoch", STOCKHOLM)
    assert clock.read("1795520000", NOW) == datetime(2026, 11, 24, 11, 33, 20, tzinfo=UTC)
    assert clock.is_absent("0")
    assert clock.is_absent("")
    for impossible in ("1", "9" * 15):
        with pytest.raises(UnreadableError):
            clock.read(impossible, NOW)


def test_a_call_over_the_hour_that_comes_twice_keeps_its_wait_and_its_end() -> None:
    """Began 02:50 the first time, was answered at 02:05 and ended at 02:10, both the second time."""
    profile = Profile.model_validate({
        "name": "night",
        "layout": {"kind": "delimited", "columns": ["begin", "answer", "end", "number"]},
        "ended": {"columns": ["end"], "not_before": "begin"},
        "number": {"inbound": "number"},
        "wait": {"begin": "begin", "end": ["answer", "end"]},
        "talk": {"begin": "answer", "end": ["end"]},
    })  # fmt: skip
    item = reader_of(profile).read(1, "2026-10-25T02:50:00,2026-10-25T02:05:00,2026-10-25T02:10:00,0701740605", NOW)
    assert isinstance(item, EndedContact)
    assert (item.wait_seconds, item.talk_seconds) == (15 * 60, 5 * 60)
    assert item.ended_at == AUTUMN + timedelta(minutes=70)
