import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import NUMBERS

from appliance.intake.masking import mask, mask_number, shape
from appliance.numbers import read_number

SPACES = ("", " ", "-", ".", "/", "\u00a0", "\u2013", "'", "*", ":")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("070-174 06 05", "0xx-xxx xx xx"),
        ("+46 (0)70-174 06 05", "+46 (x)xx-xxx xx xx"),
        ("0046701740605", "0046xxxxxxxxx"),
        ("1,2026-11-24T15:05:00,0701740605,Växel,30,120", "1,2026-11-24T15:05:00,0xxxxxxxxx,Växel,30,120"),
        ("2026-11-24 0701740605", "2026-11-24 0xxxxxxxxx"),
        ("20261124 0701 740605", "20261124 0xxx xxxxxx"),
        ("24.11.2026 15:05;0701740605", "24.11.2026 15:05;0xxxxxxxxx"),
        ("070 2026-11-24", "0xx xxxx-xx-xx"),
        ("4021 svarade", "4021 svarade"),
        ("0701'740'605", "0xxx'xxx'xxx"),
        ("070*174*06*05", "0xx*xxx*xx*xx"),
        ("070:174:06:05", "0xx:xxx:xx:xx"),
        ("15:05:00;15:05", "15:05:00;15:05"),
        ("2026-11-24T15:05:00+0100", "2026-11-24T15:05:00+0100"),
        ("19121212", "xxxxxxxx"),
        ("19121212-1212", "xxxxxxxx-xxxx"),
        ("20121212-1212", "xxxxxxxx-xxxx"),
        ("20231212-1212", "xxxxxxxx-xxxx"),
    ],
)
def test_digits_go_and_the_shape_stays(written: str, kept: str) -> None:
    assert mask(written) == kept


def test_a_line_s_shape_tells_its_fault_and_nothing_else() -> None:
    line = 'id-1;i går;"Åsa Ek";070-174 06 05\t٣\0😀'
    assert shape(line) == 'xx-0;x xxx;"xxx xx";000-000 00 00\t0xx'
    assert len(shape("x" * 20_000)) == 1000


@given(st.text(max_size=200))
def test_no_letter_and_no_digit_survives_in_a_shape(line: str) -> None:
    assert len(shape(line)) == len(line)
    assert not any(each.isalnum() and each not in "0x" for each in shape(line))


def test_a_number_s_own_field_keeps_no_name_and_no_extension() -> None:
    assert mask_number("4021") == "xxxx"
    assert mask_number("Kalle K") == "xxxxx x"
    assert mask_number("") == ""


@given(
    number=st.sampled_from(NUMBERS),
    international=st.sampled_from(["0", "+46", "0046", "46", "+46 (0)"]),
    by=st.sampled_from(SPACES),
    before=st.text(max_size=20),
    after=st.text(max_size=20),
    data=st.data(),
)
def test_no_number_survives_wherever_it_stands(
    number: str, international: str, by: str, before: str, after: str, data: st.DataObject
) -> None:
    e164 = read_number(number).e164
    assert e164
    national = e164.removeprefix("+46")
    cut = data.draw(st.integers(1, len(national) - 1))
    written = international + national[:cut] + by + national[cut:]
    left = re.sub(r"\D", "", mask(before + written + after))
    assert national[-6:] not in left
