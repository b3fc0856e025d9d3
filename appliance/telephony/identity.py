"""Who calls, read from the headers of an INVITE that PJSIP has parsed and accepted."""

import re
from collections.abc import Iterator
from email.message import Message
from email.parser import HeaderParser
from typing import Final

_CALLER: Final = ("P-Asserted-Identity", "From")
_PASSED_ON: Final = ("Diversion", "History-Info")
"""After a transfer From may be the agent's telephone, and the citizen stands only here."""
_URI: Final = re.compile(r"(?:sips?|tel):([^@;>?\s,]*)", re.IGNORECASE)


def callers_of(message: str) -> tuple[str, ...]:
    """The user parts of the URIs in the caller's headers, best first, each once; no message is an error.

    Of a hidden caller nothing is said at all: what is left would be the number that was called.
    """
    _, _, rest = message.partition("\n")  # the request line is no header
    headers = HeaderParser().parsestr(rest, headersonly=True)
    found = [user for user in _users(headers, _CALLER) if user.lower() != "anonymous"]
    return tuple(dict.fromkeys([*found, *_users(headers, _PASSED_ON)])) if found else ()


def _users(headers: Message, names: tuple[str, ...]) -> Iterator[str]:
    for name in names:
        for value in headers.get_all(name, ()):
            yield from filter(None, _URI.findall(str(value)))


def user_part(uri: str) -> str:
    """The user of a SIP or tel URI, with or without a display name around it; empty where there is none."""
    found = _URI.search(uri)
    return found[1] if found else ""
