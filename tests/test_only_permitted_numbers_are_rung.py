import operator
import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from appliance.errors import NumberError
from appliance.number_guard import NumberGuard
from appliance.numbers import NumberKind, read_number
from appliance.settings import Settings

CITIZEN = "+46701740605"
OWN = "+46313900600"
EMERGENCY_AND_SERVICE = (
    *("112", "1121", "112112", "90000", "9112", "990000", "11313", "1177", "11414", "1148"),
    *("116000", "116006", "116111", "116117", "116123", "118000", "118118", "118999", "11888"),
    *("90123", "90510", "90999", "72000", "72456"),
)
ANYTHING = (
    st.text(max_size=20)
    | st.from_regex(r"\A(\+46|0046|46|0|\+|00|9)?[0-9]{0,12}\Z")
    | st.builds(operator.add, st.sampled_from(["", "0", "9", "+46", "046"]), st.sampled_from(EMERGENCY_AND_SERVICE))
)


def guard(*ranges: str, **sip: str) -> NumberGuard:
    section = {"registrar": "sip:192.0.2.5", "user": "4900", "caller_id": "031-390 06 00", **sip}
    return NumberGuard.of(Settings.model_validate({"sip": section, "dialer": {"allowed_ranges": ranges or ("+46",)}}))


@pytest.mark.parametrize("number", EMERGENCY_AND_SERVICE)
@pytest.mark.parametrize("extensions", [False, True])
def test_emergency_and_service_numbers_never_are(number: str, extensions: bool) -> None:
    assert guard().refusal(number, extensions=extensions) is not None


@pytest.mark.parametrize(
    "number",
    [
        *("+469001234567", "+469391234567", "+46771000000", "+4620123456", "+4722123456", "+12025550123", "+46112"),
        *("+4690000", "0701740605", "46701740605", "+46 70 174 06 05", "", "sip:x", "+46701740605@elsewhere", "0112"),
    ],
)
def test_nor_are_premium_or_foreign_numbers_nor_what_is_not_in_international_form(number: str) -> None:
    assert guard().refusal(number, extensions=True) is not None


@pytest.mark.parametrize("number", [OWN, "0313900600", "4900", "4950"])
def test_we_never_ring_ourselves(number: str) -> None:
    assert guard(survey_extension="4950").refusal(number, extensions=True) == "it is our own"


def test_only_the_allowed_ranges_are_rung() -> None:
    only_mobiles = guard("+4670", "+4673")
    assert only_mobiles.refusal(CITIZEN) is None
    assert only_mobiles.refusal("+46406280400") == "it is outside dialer.allowed_ranges"
    assert guard().refusal("+46406280400") is None


def test_without_any_range_nobody_is_rung() -> None:
    assert NumberGuard(ranges=(), own=frozenset()).refusal(CITIZEN) is not None


def test_an_extension_is_rung_only_as_a_test_by_staff() -> None:
    assert guard().refusal("4021", extensions=True) is None
    assert guard().refusal("4021") is not None


def test_the_refusal_does_not_repeat_the_number() -> None:
    with pytest.raises(NumberError) as refused:
        guard("+4640").check(CITIZEN)
    assert str(refused.value) == "this number is not rung: it is outside dialer.allowed_ranges"


STRICT = guard("+4670", "+4631")
WIDE = guard()


def only_what_is_permitted_comes_out(written: str) -> None:
    for number in {written, read_number(written).e164 or ""}:
        if STRICT.refusal(number) is None:
            assert re.fullmatch(r"\+46(70|31)[0-9]{5,8}", number)
            assert read_number(number).kind is NumberKind.RINGABLE
            assert number != OWN
    if WIDE.refusal(written, extensions=True) is None and WIDE.refusal(written) is not None:
        assert re.fullmatch(r"[1-9][0-9]{1,5}", written), "staff may ring an extension besides"
        assert not written.startswith(("112", "9112", "1177", "116", "118", "90000"))


@settings(max_examples=1_000)
@given(written=ANYTHING)
@example("+46701740605\n")
@example("4021\n")
@example("4０２１")
@example("00112")
def test_whatever_is_written_only_a_permitted_number_comes_out(written: str) -> None:
    only_what_is_permitted_comes_out(written)


@pytest.mark.slow
@settings(max_examples=10_000)
@given(written=ANYTHING)
def test_however_often_it_is_tried(written: str) -> None:
    only_what_is_permitted_comes_out(written)
