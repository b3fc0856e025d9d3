from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from records import contact

from appliance.intake.funnel import Facts, decide
from appliance.numbers import CallerNumber, NumberKind
from appliance.settings import FunnelSettings
from appliance.types import E164, Direction, DrawReason, EndedContact

FUNNEL = FunnelSettings()
RINGABLE = CallerNumber(NumberKind.RINGABLE, E164("+46701740605"))
ELIGIBLE = Facts(RINGABLE, is_own=False, may_be_rung=True, opted_out=False, in_quiet_period=False, drawn=True)
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
    if DrawReason.TOO_SHORT in holding:
        ended = replace(ended, talk_seconds=FUNNEL.min_talk_seconds - 1)
    if DrawReason.DENIED_QUEUE in holding:
        ended = replace(ended, queue="Stöd: VÅLD I NÄRA relationer")
    if DrawReason.FOREIGN_OR_PREMIUM in holding:
        facts = replace(facts, number=CallerNumber(NumberKind.FOREIGN_OR_PREMIUM))
    if DrawReason.ANONYMOUS in holding:
        facts = replace(facts, number=CallerNumber(NumberKind.ANONYMOUS))
    facts = replace(
        facts,
        is_own=DrawReason.OWN_CALL in holding,
        opted_out=DrawReason.OPTED_OUT in holding,
        in_quiet_period=DrawReason.QUIET_PERIOD in holding,
        drawn=DrawReason.NOT_DRAWN not in holding,
    )
    return ended, facts


@given(holding=SPOILED)
def test_of_all_reasons_that_hold_the_first_is_the_one(holding: set[DrawReason]) -> None:
    expected = next((reason for reason in DrawReason if reason in holding), DrawReason.QUEUED)
    assert decide(*spoiled(holding), FUNNEL) is expected


@pytest.mark.parametrize("reason", INBOUND)
def test_each_reason_is_enough_by_itself(reason: DrawReason) -> None:
    assert decide(*spoiled({reason}), FUNNEL) is reason


def test_without_a_reason_against_it_a_contact_is_queued() -> None:
    assert decide(contact(), ELIGIBLE, FUNNEL) is DrawReason.QUEUED


@given(
    direction=st.sampled_from(Direction),
    kind=st.sampled_from(NumberKind),
    answered=st.booleans(),
    talk_seconds=st.integers(0, 30),
    queue=st.sampled_from(["Växel", "Socialtjänsten", ""]),
    flags=st.tuples(*[st.booleans()] * 5),
)
def test_only_a_citizen_s_own_answered_call_is_ever_queued(
    direction: Direction, kind: NumberKind, answered: bool, talk_seconds: int, queue: str, flags: tuple[bool, ...]
) -> None:
    ended = contact(direction=direction, answered=answered, talk_seconds=talk_seconds, queue=queue)
    is_own, may_be_rung, opted_out, in_quiet_period, drawn = flags
    facts = Facts(CallerNumber(kind), is_own, may_be_rung, opted_out, in_quiet_period, drawn)
    queued = decide(ended, facts, FUNNEL) is DrawReason.QUEUED
    clean = queue != "Socialtjänsten" and may_be_rung and not (is_own or opted_out or in_quiet_period)
    spoke = answered and talk_seconds >= FUNNEL.min_talk_seconds
    assert queued == (direction is Direction.INBOUND and kind is NumberKind.RINGABLE and clean and spoke and drawn)


def test_our_own_survey_call_is_told_from_staff_s_calls() -> None:
    outbound = contact(direction=Direction.OUTBOUND)
    assert decide(outbound, replace(ELIGIBLE, is_own=True), FUNNEL) is DrawReason.OWN_CALL
    assert decide(outbound, ELIGIBLE, FUNNEL) is DrawReason.INTERNAL


@pytest.mark.parametrize(
    "queue",
    ["Socialtjänsten", "SOCIALTJÄNST", "Barn: skolhälsan", "Elevhälsa", "Skyddade uppgifter", "Våld i nära relation"],
)
def test_sensitive_queues_are_denied_as_delivered(queue: str) -> None:
    assert decide(contact(queue=queue), ELIGIBLE, FUNNEL) is DrawReason.DENIED_QUEUE


def test_a_number_outside_the_allowed_ranges_is_not_surveyed() -> None:
    assert decide(contact(), replace(ELIGIBLE, may_be_rung=False), FUNNEL) is DrawReason.FOREIGN_OR_PREMIUM
