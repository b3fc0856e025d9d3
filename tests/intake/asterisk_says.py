"""Events of Asterisk's manager interface, as versions 16 and 22 send them, a call at a time."""

from datetime import UTC, datetime
from typing import Final

from appliance.intake.ami_events import Calls, Own
from appliance.intake.ami_message import Message
from appliance.types import EndedContact

NOW: Final = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
LOGGED_IN: Final = 1_795_000_000.5
"""By Asterisk's clock."""
CALL: Final = "1795000100.7"
"""The caller's channel, made after we had logged in."""
CITIZEN, AGENT = "0701740605", "2041"
OWN: Final = Own(frozenset({"+46313900699", "efterklang"}), "+46313900699")


def _channel(uniqueid: str, linked: str, number: str) -> dict[str, str]:
    return {
        "channel": f"PJSIP/outside-{uniqueid[-1]:0>8}",
        "calleridnum": number,
        "uniqueid": uniqueid,
        "linkedid": linked,
        "chanvariable callerid(num-pres)": "allowed_not_screened",
    }


def left(queue: str, uniqueid: str = CALL, linked: str = CALL, number: str = CITIZEN) -> Message:
    return {"event": "QueueCallerLeave", **_channel(uniqueid, linked, number), "queue": queue}


def complete(
    queue: str, reason: str = "caller", talk: str = "60", uniqueid: str = CALL, linked: str = CALL,
    number: str = CITIZEN,
) -> Message:  # fmt: skip
    return {
        "event": "AgentComplete",
        **_channel(uniqueid, linked, number),
        "queue": queue,
        "membername": "Anna Andersson",
        "interface": "PJSIP/2041",
        "holdtime": "7",
        "talktime": talk,
        "reason": reason,
    }


def abandon(queue: str, uniqueid: str = CALL, linked: str = CALL) -> Message:
    return {"event": "QueueCallerAbandon", **_channel(uniqueid, linked, CITIZEN), "queue": queue, "holdtime": "9"}


def hangup(uniqueid: str = CALL, linked: str = CALL, number: str = CITIZEN, shown: str = "allowed") -> Message:
    shows = {"chanvariable callerid(num-pres)": f"{shown}_not_screened"}
    return {"event": "Hangup", **_channel(uniqueid, linked, number), **shows}


def cdr(
    application: str = "Queue", data: str = "Växel,t,,,60", *, source: str = CITIZEN, destination: str = "0313900600",
    channel: str = "PJSIP/outside-00000001", called: str = "PJSIP/2041-00000002", disposition: str = "ANSWERED",
    uniqueid: str = CALL, linked: str = CALL,
) -> Message:  # fmt: skip
    return {
        "event": "Cdr",
        "source": source,
        "destination": destination,
        "channel": channel,
        "destinationchannel": called,
        "lastapplication": application,
        "lastdata": data,
        "duration": "67",
        "billableseconds": "60",
        "disposition": disposition,
        "uniqueid": uniqueid,
        "linkedid": linked,
    }


def consulted(first: str, second: str) -> Message:
    """An agent has asked somebody else, in a call of its own, and puts the caller through."""
    return {
        "event": "AttendedTransfer",
        "origtransfererlinkedid": first,
        "secondtransfererlinkedid": second,
        "transfereelinkedid": first,
        "transfertargetlinkedid": second,
    }


def told(*events: Message, since: float = LOGGED_IN) -> list[EndedContact]:
    """What the box makes of these events, once it has been still for a while."""
    calls = Calls(OWN, since)
    for second, event in enumerate(events):
        calls.see(event, NOW, float(second))
    return calls.over(len(events) + 60.0)
