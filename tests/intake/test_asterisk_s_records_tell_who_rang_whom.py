import pytest
from intake.asterisk_says import CITIZEN, cdr, complete, left, told

from appliance.types import Direction

OURS = "+46313900699"
ENDS = {
    "a citizen rings an agent": (CITIZEN, "PJSIP/outside-1", "0313900603", "PJSIP/2041-2", Direction.INBOUND),
    "a citizen rings an agent of FreePBX": (
        CITIZEN, "PJSIP/outside-1", "0313900603", "Local/2041@from-queue-0000000a;1", Direction.INBOUND,
    ),
    "a citizen hears the exchange only": (CITIZEN, "PJSIP/outside-1", "0313900603", "", Direction.INBOUND),
    "a citizen without a number": ("", "PJSIP/outside-1", "2041", "PJSIP/2041-2", Direction.INBOUND),
    "an agent rings a citizen": ("2041", "PJSIP/2041-1", "0701740606", "PJSIP/outside-2", Direction.OUTBOUND),
    "an agent shows the municipality's number": (
        "0313900600", "PJSIP/2041-1", "0701740606", "PJSIP/outside-2", Direction.OUTBOUND,
    ),
    "an agent with a name shows it": (
        "0313900600", "PJSIP/anna-1", "0701740606", "PJSIP/outside-2", Direction.OUTBOUND,
    ),
    "an agent rings an agent": ("2041", "PJSIP/2041-1", "2042", "PJSIP/2042-2", Direction.INTERNAL),
    "we ring a citizen": ("0313900699", "PJSIP/box-1", "0701740606", "PJSIP/outside-2", Direction.OUTBOUND),
    "we ring an agent": (OURS, "PJSIP/box-1", "2041", "PJSIP/2041-2", Direction.OUTBOUND),
    "we ring by our name": ("0701740609", "PJSIP/efterklang-1", "2041", "PJSIP/2041-2", Direction.OUTBOUND),
}  # fmt: skip


@pytest.mark.parametrize("case", ENDS)
def test_the_direction_follows_from_the_ends(case: str) -> None:
    source, channel, destination, called, direction = ENDS[case]
    (contact,) = told(cdr("Dial", source=source, channel=channel, destination=destination, called=called))
    assert contact.direction is direction
    assert (contact.number == OURS) == case.startswith("we ")


def test_our_own_call_into_a_queue_is_our_own() -> None:
    contacts = told(left("Växel", number="0313900699"), complete("Växel", number="0313900699"))
    assert [(contact.number, contact.direction) for contact in contacts] == [(OURS, Direction.OUTBOUND)]
