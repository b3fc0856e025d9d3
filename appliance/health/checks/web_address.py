"""Passwords do not travel the network in plain."""

import ipaddress
from collections.abc import Iterator
from typing import Final

from appliance.health.context import Context
from appliance.health.issue import Issue, Severity

TITLE: Final = "the page is kept from eavesdroppers"


def run(context: Context) -> Iterator[Issue]:
    bind = context.settings.web.bind
    if not _is_loopback(bind.rpartition(":")[0].strip("[]")):
        what = "the page is served without encryption to other machines"
        todo = 'set it to "127.0.0.1:8080" and put a web server with a certificate before it'
        yield Issue("web_address", Severity.WARNING, what, f"web.bind {bind}", todo)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
