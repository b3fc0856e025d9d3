"""The trunk lets our calls out."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import trunk

TITLE: Final = "the trunk lets calls out"
_FAULTS_THAT_PASS: Final = 2
"""A call or two may fail by chance, or while the PBX starts again."""
_LATELY: Final = timedelta(days=7)
_REFUSED_NUMBERS: Final = 5

_REASONS: Final = {
    401: "it does not know our password",
    403: "it forbids our calls",
    404: "it knows none of our numbers",
    407: "it does not know our password",
    408: "it does not answer",
    484: "it takes our numbers for incomplete",
    487: "it lets no telephone ring",
    488: "it accepts neither our codecs nor our encryption",
    503: "it has no line for us",
}
_REMEDIES: Final = {
    401: "see sip.user and sip.password_file",
    403: "see whether the PBX lets our user ring out with this sip.caller_id",
    404: "see the PBX's outbound route for +46 numbers",
    407: "see sip.user and sip.password_file",
    484: "see the PBX's outbound route for +46 numbers",
    488: "see sip.srtp, and that the PBX allows A-law (PCMA)",
}


def run(context: Context) -> Iterator[Issue]:
    if context.db is None:
        return
    for leading in trunk.refused_beginnings(context.db, context.now - _LATELY, _REFUSED_NUMBERS):
        what = f"in a week it has called every number bad that begins with {leading}, and let none of them ring"
        todo = f"see the PBX's outbound route for {leading} numbers; where they may not be rung: dialer.allowed_ranges"
        yield Issue("trunk", Severity.WARNING, what, _where(context), todo)
    fault = trunk.fault(context.db)
    if fault is None or fault.faults <= _FAULTS_THAT_PASS:
        return
    reason = _REASONS.get(fault.sip_status or 408, "it has refused them")
    status = f" (SIP {fault.sip_status})" if fault.sip_status else ""
    what = f"no call has got through since {fault.since.astimezone():%Y-%m-%d %H:%M}: {reason}{status}"
    remedy = _REMEDIES.get(fault.sip_status or 408, "see whether the PBX is up and its own lines work")
    todo = f"{remedy}; the box tries again by itself, next at {fault.paused_until.astimezone():%H:%M:%S}"
    yield Issue("trunk", Severity.ERROR, what, _where(context), todo)


def _where(context: Context) -> str:
    return f"sip.registrar {context.settings.sip.registrar}" if context.settings.sip else "practice exchange"
