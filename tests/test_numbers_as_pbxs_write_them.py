import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from appliance.numbers import NumberKind, read_number

E164 = "+46701740605"


@pytest.mark.parametrize(
    "written",
    [
        "0701740605",
        "070-174 06 05",
        "070 174 06 05",
        "(070) 174 06 05",
        "070/174.06.05",
        "46701740605",
        "+46701740605",
        "+46 70 174 06 05",
        "+46 (0)70-174 06 05",
        "0046701740605",
        "00701740605",  # a trunk that adds a zero
        "701740605",  # a trunk that takes one away
        *("070–174–06–05", "070\u2011174\u221206\u201205"),  # any dash
        *("\u200e070-1740605", "\u202a070-174\u200b06\u00ad05\u202c", "\ufeff0701740605"),  # what is not seen
        *("070\u00a0174\u202f06\u200905", "tel:+46-70-174-06-05", "TEL:0701740605", "０７０１７４０６０５"),
        *("'0701740605", '="0701740605"', '="070-174 06 05"'),  # how a spreadsheet says that it is text
    ],
)
def test_one_citizen_is_one_number_however_it_is_written(written: str) -> None:
    assert read_number(written).kind is NumberKind.RINGABLE
    assert read_number(written).e164 == E164


@pytest.mark.parametrize("written", ["031-390 06 00", "040-628 04 99", "08-465 004 00", "0980-319 200"])
def test_fixed_lines_are_rung_as_well(written: str) -> None:
    assert read_number(written).kind is NumberKind.RINGABLE


@pytest.mark.parametrize("written", [None, "", "   ", "anonymous", "Hemligt nummer", "0", "000", "+", "*31#", "-"])
def test_a_hidden_number_is_anonymous(written: str | None) -> None:
    assert read_number(written).kind is NumberKind.ANONYMOUS


@pytest.mark.parametrize("written", ["4021", "12", "118118", "118 118", "112", "11313", "90510"])
def test_an_extension_or_a_short_service_number_is_internal_and_never_rung(written: str) -> None:
    assert read_number(written).kind is NumberKind.INTERNAL
    assert read_number(written).e164 is None


@pytest.mark.parametrize(
    "written",
    [
        *("0900-123 45 67", "0939-123 45 67", "0944-123 45 67", "071-123 45 67", "0771-00 00 00", "020-12 34 56"),
        *("+47 22 12 34 56", "004522123456", "+358 9 123 4567", "+1 202 555 0123", "0011414", "+46112"),
    ],
)
def test_premium_shared_cost_and_foreign_numbers_are_not_rung(written: str) -> None:
    assert read_number(written).kind is NumberKind.FOREIGN_OR_PREMIUM
    assert read_number(written).e164 is None


@given(written=st.text(max_size=30) | st.from_regex(r"\A(\+|0|00|46|\+0)?[0-9 -]{0,40}\Z"))
@example("+0000001")
@example("+" + "9" * 400)
@example("00" + "1" * 20)
def test_whatever_stands_there_is_of_one_kind_and_only_swedish_numbers_are_rung(written: str) -> None:
    read = read_number(written)
    assert (read.e164 is not None) == (read.kind is NumberKind.RINGABLE)
    if read.e164:
        assert re.fullmatch(r"\+46[1-9]\d{6,9}", read.e164)
        assert read_number(read.e164) == read, "a number in international form stays what it is"
