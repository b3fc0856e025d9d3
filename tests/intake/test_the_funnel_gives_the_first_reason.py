from dataclasses import dataclass, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import contact

from appliance.intake.funnel import decide
from appliance.numbers import CallerNumber, NumberKind
from appliance.settings import Settings
from appliance.types import E164, Direction, DrawReason, EndedContact

POLICY = Settings().selection()
RINGABLE = CallerNumber(NumberKind.RINGABLE, E164("+46701740605"))


@dataclass(frozen=True)
class Facts:
    """Of a contact that is surveyed unless told otherwise."""

    number: CallerNumber = RINGABLE
    is_own: bool = False
    is_too_short: bool = False
    is_doubled: bool = False
    is_denied: bool = False
    may_be_rung: bool = True
    opted_out: bool = False
    in_quiet_period: bool = False
    drawn: bool = True
    quota_full: bool = False
    too_late: bool = False


ELIGIBLE = Facts()
NO_FUNNEL = {DrawReason.TRANSFERRED, DrawReason.TEST_CALL}
INBOUND = [reason for reason in DrawReason if reason not in {DrawReason.QUEUED, *NO_FUNNEL}]
SPOILED = st.sets(st.sampled_from(INBOUND))
"""Any of the reasons, all of which hold at once."""


def spoiled(holding: set[DrawReason]) -> tuple[EndedContact, Facts]:
    """A contact and its facts for which exactly these reasons hold (a number is of one kind only)."""
    ended, facts = contact(), ELIGIBLE
    if DrawReason.INTERNAL in holding:
        ended = replace(ended, direction=Direction.INTERNAL)
    if DrawReason.NOT_ANSWERED in holding:
        ended = replace(ended, answered=False)
    if DrawReason.FOREIGN_OR_PREMIUM in holding:
        facts = replace(facts, number=CallerNumber(NumberKind.FOREIGN_OR_PREMIUM))
    if DrawReason.ANONYMOUS in holding:
        facts = replace(facts, number=CallerNumber(NumberKind.ANONYMOUS))
    facts = replace(
        facts,
        is_own=DrawReason.OWN_CALL in holding,
        is_too_short=DrawReason.TOO_SHORT in holding,
        is_doubled=DrawReason.DOUBLED_LEG in holding,
        is_denied=DrawReason.DENIED_QUEUE in holding,
        opted_out=DrawReason.OPTED_OUT in holding,
        in_quiet_period=DrawReason.QUIET_PERIOD in holding,
        drawn=DrawReason.NOT_DRAWN not in holding,
        quota_full=DrawReason.QUOTA_FULL in holding,
        too_late=DrawReason.TOO_LATE in holding,
    )
    return ended, facts


@given(holding=SPOILED)
def test_of_all_reasons_that_hold_the_first_is_the_one(holding: set[DrawReason]) -> None:
    expected = next((reason for reason in DrawReason if reason in holding), DrawReason.QUEUED)
    assert decide(*spoiled(holding)) is expected


@pytest.mark.parametrize("reason", INBOUND)
def test_each_reason_is_enough_by_itself(reason: DrawReason) -> None:
    assert decide(*spoiled({reason})) is reason


def test_without_a_reason_against_it_a_contact_is_queued() -> None:
    assert decide(contact(), ELIGIBLE) is DrawReason.QUEUED


@given(
    direction=st.sampled_from(Direction),
    kind=st.sampled_from(NumberKind),
    answered=st.booleans(),
    flags=st.tuples(*[st.booleans()] * 10),
)
def test_only_a_citizen_s_own_answered_call_is_ever_queued(
    direction: Direction, kind: NumberKind, answered: bool, flags: tuple[bool, ...]
) -> None:
    facts = Facts(CallerNumber(kind), *flags)
    queued = decide(contact(direction=direction, answered=answered), facts) is DrawReason.QUEUED
    flawless = facts == replace(ELIGIBLE, number=facts.number)
    assert queued == (direction is Direction.INBOUND and kind is NumberKind.RINGABLE and answered and flawless)


def test_a_call_without_a_reason_to_look_it_up_asks_the_store_nothing() -> None:
    class Nothing:
        number = CallerNumber(NumberKind.ANONYMOUS)

    assert decide(contact(), Nothing()) is DrawReason.ANONYMOUS  # type: ignore[arg-type]


def test_our_own_survey_call_is_told_from_staff_s_calls() -> None:
    outbound = contact(direction=Direction.OUTBOUND)
    assert decide(outbound, replace(ELIGIBLE, is_own=True)) is DrawReason.OWN_CALL
    assert decide(outbound, ELIGIBLE) is DrawReason.INTERNAL


@pytest.mark.parametrize(
    "queue",
    ["Socialtjänsten", "SOCIALTJÄNST", "Barn: skolhälsan", "Elevhälsa", "Skyddade uppgifter", "Våld i nära relation"],
)
def test_sensitive_queues_are_denied_as_delivered(queue: str) -> None:
    assert POLICY.denies(queue)
    assert not POLICY.denies("Växel")


def test_a_number_outside_the_allowed_ranges_is_not_surveyed() -> None:
    assert decide(contact(), replace(ELIGIBLE, may_be_rung=False)) is DrawReason.FOREIGN_OR_PREMIUM
