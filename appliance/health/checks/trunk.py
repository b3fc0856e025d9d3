"""The trunk lets our calls out."""

from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.store import trunk

TITLE: Final = "the trunk lets calls out"
_FAULTS_THAT_PASS: Final = 2
"""A call or two may fail by chance, or while the PBX starts again."""

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
    fault = trunk.fault(context.db) if context.db is not None else None
    if fault is None or fault.faults <= _FAULTS_THAT_PASS:
        return
    reason = _REASONS.get(fault.sip_status or 408, "it has refused them")
    status = f" (SIP {fault.sip_status})" if fault.sip_status else ""
    what = f"no call has got through since {fault.since.astimezone():%Y-%m-%d %H:%M}: {reason}{status}"
    remedy = _REMEDIES.get(fault.sip_status or 408, "see whether the PBX is up and its own lines work")
    todo = f"{remedy}; the box tries again by itself, next at {fault.paused_until.astimezone():%H:%M:%S}"
    where = f"sip.registrar {context.settings.sip.registrar}" if context.settings.sip else "practice exchange"
    yield Issue("trunk", Severity.ERROR, what, where, todo)
