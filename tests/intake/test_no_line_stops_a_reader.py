import json
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from days import FORMATS, NUMBERS, Line, day, profile_for
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from profiles import fingerprint, reader_of
from records import NOW
from vendors import QUEUES, SOURCE, VENDORS, Part

from appliance.errors import IntakeError
from appliance.intake.profile import MAX_LINE_CHARACTERS
from appliance.intake.record import RecordReader, Rejected
from appliance.types import Direction, EndedContact

TWICE: Final = datetime(2026, 10, 25, 1, tzinfo=UTC)
"""From here on an hour of Swedish local time comes for the second time; it is read as the first."""
every_pbx = pytest.mark.parametrize("name", FORMATS)
SAMPLES: Final = {name: [line for line in day(name, 60, seed=8) if line.meant] for name in FORMATS}


def begun(name: str) -> RecordReader:
    """A reader that has seen the headings."""
    reader = reader_of(profile_for(name), SOURCE)
    for number, heading in enumerate(VENDORS[name].headings, 1):
        assert reader.read(number, heading, NOW) is None
    return reader


def spoilt() -> st.SearchStrategy[bytes]:
    """A good line with something of it replaced."""
    return st.builds(
        lambda line, at, length, noise: line.raw[:at] + noise + line.raw[at + length :],
        st.sampled_from([line for lines in SAMPLES.values() for line in lines]),
        st.integers(0, 200),
        st.integers(0, 40),
        st.binary(max_size=12) | st.sampled_from([b"0", b"9999", b'"', b",", b"\0", b"-1", b"00:00:00", "é".encode()]),
    )


@every_pbx
@given(raw=st.binary(max_size=300) | spoilt())
def test_whatever_comes_is_a_contact_a_heading_or_rejected(name: str, raw: bytes) -> None:
    item = begun(name).read(9, profile_for(name).text_of(raw), NOW)
    if isinstance(item, EndedContact):
        json.dumps([item.source_call_id, item.number, item.queue, item.linked_id])
        assert item.ended_at.tzinfo is UTC
        assert datetime(2000, 1, 1, tzinfo=UTC) <= item.ended_at <= NOW + timedelta(hours=1)
        assert 0 <= item.wait_seconds <= 86_400
        assert 0 <= item.talk_seconds <= 86_400
    elif item is not None:
        assert item.line == 9


@every_pbx
@given(text=st.text(max_size=200))
def test_text_of_any_kind_stops_nothing_either(name: str, text: str) -> None:
    item = begun(name).read(9, text, NOW)
    assert item is None or isinstance(item, EndedContact | Rejected)


@given(raw=st.binary(min_size=1, max_size=100).filter(lambda raw: raw.strip(b"\r\n\0 \t\x0b\x0c")))
def test_a_file_without_our_heading_is_one_clear_error(raw: bytes) -> None:
    profile = profile_for("efterklang")
    with pytest.raises(IntakeError, match=r"^the heading "):
        reader_of(profile).read(2, profile.text_of(raw), NOW)


@every_pbx
def test_a_line_longer_than_any_record_is_rejected(name: str) -> None:
    item = begun(name).read(9, "9" * (MAX_LINE_CHARACTERS + 1), NOW)
    assert item == Rejected(9, "is longer than 16384 characters")


@every_pbx
@pytest.mark.parametrize("end", ["", "\n", "\r\n", "\r\n\0\0\0"])
def test_a_line_s_end_is_none_of_its_matter(name: str, end: str) -> None:
    line: Line = SAMPLES[name][0]
    assert begun(name).read(9, line.text + end, NOW) == line.meant
    assert begun(name).read(9, "\0\0\0" + line.text, NOW) == line.meant, "what another line was filled up with"


@st.composite
def parts(draw: st.DrawFn) -> Part:
    """A call of a year back, of any length that each format can write."""
    direction = draw(st.sampled_from(Direction))
    talk_seconds = draw(st.just(0) | st.integers(1, 9 * 3600))
    return Part(
        call=draw(st.integers(1, 9999)),
        part=draw(st.integers(0, 9)),
        begin=datetime(2026, 11, 23, 12, tzinfo=UTC) - timedelta(seconds=draw(st.integers(0, 350 * 86_400))),
        before_seconds=draw(st.integers(0, 3600)),
        wait_seconds=draw(st.integers(0, 7200)),
        talk_seconds=talk_seconds,
        hold_seconds=0,
        direction=direction,
        number="4711" if direction is Direction.INTERNAL else draw(st.sampled_from(["", *NUMBERS])),
        queue=draw(st.sampled_from(list(QUEUES))) if direction is Direction.INBOUND else "",
        agent="4712",
        answered=talk_seconds > 0,
    )


@every_pbx
@given(part=parts())
@settings(max_examples=300)
def test_what_a_pbx_wrote_is_read_back(name: str, part: Part) -> None:
    assume(not any(TWICE <= moment < TWICE + timedelta(hours=1) for moment in (part.begin, part.ended_at)))
    vendor = VENDORS[name]
    columns = vendor.columns(part)
    line = vendor.join(columns)
    assert begun(name).read(9, line, NOW) == vendor.meant(part, columns, fingerprint(line.rstrip()))
