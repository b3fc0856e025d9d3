import pytest
from hypothesis import given
from hypothesis import strategies as st

from appliance.hours import parse_week_hours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SPANS = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda span: span[0] < span[1])


def clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def test_as_delivered() -> None:
    week = parse_week_hours({"mon-fri": "09:00-20:00", "sat": "10:00-16:00"})
    assert week == (*(((540, 1200),),) * 5, ((600, 960),), ())


@given(first=st.integers(0, 6), last=st.integers(0, 6), spans=st.lists(SPANS, min_size=1, max_size=4))
def test_each_day_of_a_stretch_has_its_spans_in_order(first: int, last: int, spans: list[tuple[int, int]]) -> None:
    days, hours = f"{DAYS[first]}-{DAYS[last]}", ", ".join(f"{clock(b)}-{clock(e)}" for b, e in spans)
    if last < first:
        with pytest.raises(ValueError, match="runs backwards"):
            parse_week_hours({days: hours})
        return
    week = parse_week_hours({days: hours})
    assert len(week) == 7
    assert all(week[day] == (tuple(sorted(spans)) if first <= day <= last else ()) for day in range(7))


def test_two_entries_for_a_day_add_up_and_capitals_do_not_matter() -> None:
    week = parse_week_hours({"Mon-Tue": "9:00-12:00", " tue ": "13:00-17:00"})
    assert week[1] == ((540, 720), (780, 1020))


def test_the_whole_day_ends_at_24() -> None:
    assert parse_week_hours({"sun": "00:00-24:00"})[6] == ((0, 1440),)


@pytest.mark.parametrize(
    "hours",
    [
        *("", "09:00", "09:00-", "-20:00", "09:00-09:00", "10:00-09:00", "09:60-20:00", "09:00-24:01"),
        *("9-20", "09.00-20.00", "09:00-20:00,", "09:00-20:00 21:00-22:00", "09:00–20:00"),
    ],
)
def test_what_is_no_span_is_refused_by_name(hours: str) -> None:
    with pytest.raises(ValueError, match=r"for mon-fri is no time span; write 09:00-20:00$"):
        parse_week_hours({"mon-fri": hours})


@pytest.mark.parametrize("days", ["", "måndag", "mon-", "-fri", "mon-fri-sat", "mon,tue", "8"])
def test_what_is_no_day_is_refused_by_name(days: str) -> None:
    with pytest.raises(ValueError, match=r"is no day; write mon, sat or mon-fri$"):
        parse_week_hours({days: "09:00-20:00"})
