import pytest
from pydantic import ValidationError

from appliance.settings import SipSettings


@pytest.mark.parametrize(
    ("written", "dialled"),
    [("031-390 06 00", "0313900600"), ("+46 (0)31-390 06 00", "+46313900600"), ("0771000000", "0771000000"), ("", "")],
)
def test_what_people_put_between_digits_is_left_out(written: str, dialled: str) -> None:
    assert SipSettings.model_validate({"registrar": "sip:pbx", "caller_id": written}).caller_id == dialled


@pytest.mark.parametrize("written", ["växeln", "031:3900600", "12", "0" * 16, "sip:0313900600@pbx"])
def test_what_is_no_number_is_refused(written: str) -> None:
    with pytest.raises(ValidationError, match="must be a telephone number"):
        SipSettings.model_validate({"registrar": "sip:pbx", "caller_id": written})
