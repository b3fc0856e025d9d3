"""The configuration is complete, and its secrets are kept from others."""

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from appliance.errors import ConfigError
from appliance.health.context import Context
from appliance.health.issue import Issue, Severity
from appliance.settings import PRACTICE_MUNICIPALITY, SipSettings

TITLE: Final = "the configuration is complete"


def run(context: Context) -> Iterator[Issue]:
    where = f"{context.config or 'the defaults'}"
    sip = context.settings.sip
    if sip is None:
        if context.is_installed:
            yield _error("no PBX is given: nobody is rung", where, "fill in its section [sip]")
        return
    if context.settings.municipality.name == PRACTICE_MUNICIPALITY:
        yield _error(f"the municipality is still {PRACTICE_MUNICIPALITY}", where, "set municipality.name and .code")
    if not sip.caller_id:
        yield _error("no caller id: citizens would see no number", where, "set sip.caller_id to a number you answer")
    if sip.password_file is not None:
        yield from _password_issues(sip, sip.password_file)
    yield from _certificate_issues(sip)
    if sip.local_address and not _is_ours(sip.local_address):
        yield _error("no such address on this machine", f"sip.local_address {sip.local_address}", "see: ip address")


def _password_issues(sip: SipSettings, path: Path) -> Iterator[Issue]:
    try:
        if not sip.password():
            yield _error("the password's file is empty", f"{path}", "write the trunk's password into it")
    except ConfigError as error:
        yield _error(f"{error}", f"{path}", f"make it readable: chgrp efterklang {path} && chmod 640 {path}")
        return
    if path.stat().st_mode & 0o007:
        yield _error("every user of this machine can read the trunk's password", f"{path}", f"chmod o= {path}")


def _certificate_issues(sip: SipSettings) -> Iterator[Issue]:
    for key in ("ca_file", "cert_file", "key_file") if sip.transport == "tls" else ():
        path: Path | None = getattr(sip, key)
        if path is None:
            continue
        try:
            path.read_bytes()
        except OSError as error:
            todo = f"put a PEM file there that group efterklang can read: chgrp efterklang {path} && chmod 640 {path}"
            yield _error(f"it cannot be read: {error.strerror}", f"sip.{key} {path}", todo)
    if sip.key_file and sip.key_file.is_file() and sip.key_file.stat().st_mode & 0o007:
        what = "every user of this machine can read the box's TLS key"
        yield _error(what, f"{sip.key_file}", f"chmod o= {sip.key_file}")


def _is_ours(address: str) -> bool:
    """Whether a socket can be bound to the address."""
    try:
        family = socket.getaddrinfo(address, None, flags=socket.AI_NUMERICHOST)[0][0]
        with socket.socket(family, socket.SOCK_DGRAM) as probe:
            probe.bind((address, 0))
    except OSError:
        return False
    return True


def _error(what: str, where: str, todo: str) -> Issue:
    return Issue("configuration", Severity.ERROR, what, where, todo)
