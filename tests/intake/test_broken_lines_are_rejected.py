import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from profiles import read
from records import HEADER, row, write

from appliance.intake.record import Rejected
from appliance.types import EndedContact

FUTURE = "ended_at lies in the future or in another century"
NO_TIME = "ended_at is no time; write 2026-11-21T14:05:00"
BROKEN = {
    ",2026-11-24T15:05,0701740605,,,,,": "call_id is empty",
    "1,,0701740605,,,,,": NO_TIME,
    "1,i går kväll,0701740605,,,,,": NO_TIME,
    "1,2026-02-30T15:05,0701740605,,,,,": NO_TIME,
    "1,2026-11-24T16:33,0701740605,,,,,": FUTURE,
    "1,9999-12-31T23:59:59+14:00,0701740605,,,,,": FUTURE,
    "1,0001-01-01T00:00:00-14:00,0701740605,,,,,": FUTURE,
    "1,2026-11-24T15:05,0701740605,Växel,länge,,,": "wait_seconds is no whole number",
    "1,2026-11-24T15:05,0701740605,Växel,1.5,,,": "wait_seconds is no whole number",
    "1,2026-11-24T15:05,0701740605,Växel,0,-1,,": "talk_seconds is not within a day",
    "1,2026-11-24T15:05,0701740605,Växel,0,86401,,": "talk_seconds is not within a day",
    "1,2026-11-24T15:05,0701740605,Växel,0,1,in,": "direction is none of inbound, outbound, internal",
    "1,2026-11-24T15:05,0701740605,Växel,0,1,inbound,kanske": "answered is none of 1, true, yes, ja, 0, false, no, nej",
    "1,2026-11-24T15:05,0701740605": "has 3 values; the heading has 8",
    "1,2026-11-24T15:05,0701740605,Växel,0,1,inbound,1,1": "has 9 values; the heading has 8",
    "kalle": "has 1 values; the heading has 8",
    "1,2026-11-24T15:05,0701740605,V\0xel,0,1,inbound,1": "holds control characters",
}
REASONS = {
    *BROKEN.values(),
    "wait_seconds is not within a day",
    "talk_seconds is no whole number",
    "has a quote that does not end, or something behind one",
}
FIELDS = st.text(st.characters(codec="utf-8"), max_size=12) | st.sampled_from(
    ["", "1", "0", "+", "2026-11-24T15:05", "0001-01-01", "9999-12-31T23:59+14:00", "0701740605", "+00", "00", '"']
)


@pytest.mark.parametrize("line", BROKEN)
def test_the_line_and_the_reason_are_told_and_the_others_go_on(tmp_path: Path, line: str) -> None:
    path = write(tmp_path / "calls.csv", row("1"), line, row("3"))
    first, rejected, third = read(path)
    assert isinstance(first, EndedContact)
    assert rejected == Rejected(3, BROKEN[line])
    assert isinstance(third, EndedContact)


def test_a_clock_that_is_a_little_fast_is_believed(tmp_path: Path) -> None:
    path = write(tmp_path / "calls.csv", row("1", ended_at="2026-11-24T16:31:00"))
    assert [type(item) for item in read(path)] == [EndedContact]


@given(lines=st.lists(st.lists(FIELDS, min_size=7, max_size=9), max_size=4))
def test_whatever_stands_there_is_a_contact_or_a_reason(
    tmp_path_factory: pytest.TempPathFactory, lines: list[list[str]]
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    quoted = [",".join('"{}"'.format(field.replace('"', '""')) for field in fields) for fields in lines]
    path.write_bytes("\n".join([HEADER, *quoted]).encode())
    for item in read(path):
        assert isinstance(item, EndedContact | Rejected)
        if isinstance(item, Rejected):
            assert item.line >= 2
            assert re.sub("^has [0-9]+ values", "has 3 values", item.reason) in REASONS
