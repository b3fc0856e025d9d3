"""The PBX can be found by name, and the sandbox lets its address through."""

import ipaddress
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.sip_uri import host_of

TITLE: Final = "the PBX's address can be reached"
_DROP_INS: Final = Path("/etc/systemd/system/efterklang-line@.service.d")


def run(context: Context) -> Iterator[Issue]:
    sip = context.settings.sip
    if sip is None:
        return
    host = host_of(sip.registrar)
    where = f"sip.registrar {sip.registrar}"
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)}
    except OSError as error:
        todo = "mend the name, or give the PBX's address in numbers"
        yield Issue("pbx_address", Severity.ERROR, f"{host} is not found: {error.strerror}", where, todo)
        return
    public = sorted(address for address in map(str, found) if ipaddress.ip_address(address.split("%")[0]).is_global)
    allowed = " ".join(path.read_text(encoding="utf-8") for path in _DROP_INS.glob("*.conf"))
    if public and "IPAddressAllow" not in allowed:
        what = f"{public[0]} is outside the private networks that systemd lets the lines reach"
        todo = f"run: systemctl edit efterklang-line@.service and add [Service] IPAddressAllow={public[0]}"
        yield Issue("pbx_address", Severity.WARNING, what, where, todo)
