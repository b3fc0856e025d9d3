"""Who calls, read from the headers of an INVITE that PJSIP has parsed and accepted."""

import re
from email.parser import HeaderParser
from typing import Final

_HEADERS: Final = ("P-Asserted-Identity", "From", "Diversion", "History-Info")
"""Where a PBX names the caller, the most trustworthy first; after a transfer From may be the agent's telephone."""
_URI: Final = re.compile(r"(?:sips?|tel):([^@;>?\s,]*)", re.IGNORECASE)


def callers_of(message: str) -> tuple[str, ...]:
    """The user parts of the URIs in the caller's headers, best first, each once; no message is an error."""
    _, _, rest = message.partition("\n")  # the request line is no header
    headers = HeaderParser().parsestr(rest, headersonly=True)
    found = [
        user
        for name in _HEADERS
        for value in headers.get_all(name, ())
        for user in _URI.findall(str(value))
        if user and user.lower() != "anonymous"
    ]
    return tuple(dict.fromkeys(found))


def user_part(uri: str) -> str:
    """The user of a SIP or tel URI, with or without a display name around it; empty where there is none."""
    found = _URI.search(uri)
    return found[1] if found else ""
