from collections.abc import Callable
from datetime import timedelta

import pytest
from made_up import MadeUp

from appliance.dialer.dialer import Dialer
from appliance.health import Context, Severity
from appliance.health.checks import trunk as check
from appliance.practice.numbers import FICTIONAL_NUMBERS
from appliance.settings import Settings
from appliance.store import Database, interviews, trunk
from appliance.types import Outcome

Box = Callable[..., Context]
SECOND = timedelta(seconds=1)


def fail(box: MadeUp, context: Context, times: int, sip_status: int | None) -> None:
    """So many calls one after another, the first one ten seconds ago."""
    for number in range(times):
        at = context.now - (10 - number) * SECOND
        lease = interviews.lease_due(box.db, "line-1", at, at + SECOND, only=box.queued(at))
        assert lease is not None
        trunk.note_fault(box.db, lease.attempt_id, sip_status, at, lambda faults: faults * SECOND)


def test_a_box_that_has_rung_nobody_is_well(practice: Box, db: Database) -> None:
    assert list(check.run(practice())) == []
    assert list(check.run(practice(db))) == []


def test_a_call_or_two_may_fail(installed: Box, box: MadeUp) -> None:
    context = installed(box.db)
    fail(box, context, 2, 503)
    assert list(check.run(context)) == []


@pytest.mark.parametrize(
    ("sip_status", "what", "todo"),
    [
        (401, "it does not know our password (SIP 401)", "see sip.user and sip.password_file"),
        (403, "it forbids our calls (SIP 403)", "see whether the PBX lets our user ring out"),
        (404, "it knows none of our numbers (SIP 404)", "see the PBX's outbound route"),
        (408, "it does not answer (SIP 408)", "see whether the PBX is up"),
        (None, "it does not answer", "see whether the PBX is up"),
        (599, "it has refused them (SIP 599)", "see whether the PBX is up"),
    ],
)
def test_a_trunk_that_lets_none_out_says_since_when_why_and_what_to_do(
    installed: Box, box: MadeUp, sip_status: int | None, what: str, todo: str
) -> None:
    context = installed(box.db)
    fail(box, context, 3, sip_status)
    (issue,) = check.run(context)
    since = (context.now - 10 * SECOND).astimezone()
    again = (context.now - 5 * SECOND).astimezone()
    assert issue.severity is Severity.ERROR
    assert issue.what == f"no call has got through since {since:%Y-%m-%d %H:%M}: {what}"
    assert issue.todo.startswith(todo)
    assert issue.todo.endswith(f"the box tries again by itself, next at {again:%H:%M:%S}")
    assert issue.where == "sip.registrar sip:127.0.0.1:5060"


def test_a_call_that_rings_ends_the_alarm(installed: Box, box: MadeUp) -> None:
    context = installed(box.db)
    fail(box, context, 5, 503)
    trunk.note_success(box.db, box.live(context.now).attempt_id)
    assert list(check.run(context)) == []


@pytest.mark.parametrize(("numbers", "through", "named"), [(4, False, 0), (5, False, 1), (5, True, 0)])
def test_a_kind_of_numbers_that_the_pbx_never_lets_out_is_named(
    installed: Box, box: MadeUp, numbers: int, through: bool, named: int
) -> None:
    context = installed(box.db)
    line = Dialer(box.db, Settings(), "line-1")
    for number in FICTIONAL_NUMBERS[:numbers]:
        interview_id = box.queued(context.now)
        lease = interviews.lease_due(box.db, "line-1", context.now, context.now + SECOND, only=interview_id)
        assert lease is not None
        line.dials(lease, number)
        line.ended(lease, Outcome.BAD_NUMBER, 404, context.now)
    if through:
        rings = interviews.lease_due(box.db, "l", context.now, context.now + SECOND, only=box.queued(context.now))
        assert rings is not None
        line.dials(rings, FICTIONAL_NUMBERS[0])
        line.rang(rings, context.now)
    found = [issue for issue in check.run(context) if issue.severity is Severity.WARNING]
    assert [FICTIONAL_NUMBERS[0][:5] in issue.what for issue in found] == [True] * named
    assert all(FICTIONAL_NUMBERS[0][:6] not in issue.what for issue in found), "a beginning is no number"
