"""Who calls, read from the headers of an INVITE that PJSIP has parsed and accepted."""

import re
from collections.abc import Iterator
from email.parser import HeaderParser
from typing import Final

_CALLER: Final = ("P-Asserted-Identity", "From")
_PASSED_ON: Final = ("Diversion", "History-Info")
_HIDDEN: Final = {"anonymous", "restricted", "unavailable", "unknown", "private", "withheld"}
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*"')
"""A display name, which is whatever the caller likes."""
_BRACKETED: Final = re.compile(r"<([^<>]*)>")
_URI: Final = re.compile(r"(?:sips?|tel):([^@;>?\s,]*)", re.IGNORECASE)


def callers_of(message: str) -> tuple[str, ...]:
    """The user parts of who calls, best first, each once; empty where the caller is hidden; no message is an error."""
    return tuple(user for user in _users(message, _CALLER) if user.lower() not in _HIDDEN)


def passed_on_for(message: str) -> tuple[str, ...]:
    """The user parts of whom the call was passed on by or for: the citizen, or only the queue's number."""
    return _users(message, _PASSED_ON)


def user_part(uri: str) -> str:
    """The user of a SIP or tel URI, with or without a display name around it; empty where there is none."""
    return next(_users_in(uri), "")


def _users(message: str, names: tuple[str, ...]) -> tuple[str, ...]:
    _, _, rest = message.partition("\n")  # the request line is no header
    headers = HeaderParser().parsestr(rest, headersonly=True)
    values = (str(value) for name in names for value in headers.get_all(name, ()))
    return tuple(dict.fromkeys(user for value in values for user in _users_in(value)))


def _users_in(value: str) -> Iterator[str]:
    unnamed = _QUOTED.sub("", value)
    for uri in _BRACKETED.findall(unnamed) or [unnamed]:
        yield from filter(None, _URI.findall(uri))
