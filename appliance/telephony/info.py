"""Keys in SIP INFO messages: application/dtmf-relay, and application/dtmf, which is the bare key.

PJSIP reads the first character of a Signal only, so that it takes the 11 by which some gateways mean # for a 1.
"""

import re
from email.parser import HeaderParser
from typing import Final, NamedTuple

_SIGNALS: Final = {key: key for key in "0123456789*#ABCD"} | {str(event): key for event, key in enumerate("*#ABCD", 10)}
"""What stands in a message, the key or the number of its RFC 4733 event, and the key."""
_SIGNAL: Final = re.compile(r"^\s*signal\s*=\s*(\S+)\s*$", re.IGNORECASE | re.MULTILINE)
_DURATION: Final = re.compile(r"^\s*duration\s*=\s*(\d{1,5})\s*$", re.IGNORECASE | re.MULTILINE)
_LONGEST_PRESS_MS: Final = 10_000
"""A duration beyond this says nothing."""


class Told(NamedTuple):
    """A key, and how long it had been pressed when the message was sent; 0 where it does not say."""

    key: str
    held_seconds: float


def key_in(message: str) -> Told | None:
    """The key in a whole SIP message, None where there is none; no message is an error."""
    _, _, rest = message.partition("\n")  # the request line is no header
    parsed = HeaderParser().parsestr(rest)
    kind = str(parsed.get("Content-Type") or parsed.get("c") or "").partition(";")[0].strip().lower()
    body = str(parsed.get_payload())
    signal = _SIGNAL.search(body)
    if kind not in {"application/dtmf-relay", "application/dtmf"}:
        return None
    key = _SIGNALS.get((signal[1] if signal else body.strip()).upper())
    duration = _DURATION.search(body)
    held_ms = int(duration[1]) if duration else 0
    return Told(key, held_ms / 1000 if held_ms <= _LONGEST_PRESS_MS else 0.0) if key else None
