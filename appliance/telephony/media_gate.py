"""The kernel drops what strangers send to a live call's RTP ports.

PJSIP hands every packet on, whoever it is from: another sender's, of another SSRC, makes it begin the stream anew with
each packet, and no key of the citizen is heard. So each call's sockets have a gate of their own.
"""

from collections.abc import Iterable
from ipaddress import IPv4Network
from typing import Any

from appliance.telephony.gate import Gate


def guard_media(call: Any, trusted: Iterable[IPv4Network]) -> None:
    """Let in only what comes from the address that the call's SDP names, and from the trusted ones; RTP and RTCP."""
    port = int(call.getMedTransportInfo(0).localRtpName.rpartition(":")[2])
    named = call.getStreamInfo(0).remoteRtpAddress.rpartition(":")[0]
    try:
        sender = IPv4Network(named)
    except ValueError:  # no such address: then nobody can be told from the other side
        return
    for each in (port, port + 1):
        Gate(each).admit([sender, *trusted])
