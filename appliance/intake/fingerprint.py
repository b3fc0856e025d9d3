"""What names a call record that has no name of its own."""

import hmac
from collections.abc import Callable

from appliance.custody.keys import Keys


def fingerprint_of(keys: Keys) -> Callable[[str], str]:
    """A keyed hash of a record's line, 32 hexadecimal digits: the line holds a number, this does not give it away."""

    def fingerprint(line: str) -> str:
        return hmac.digest(keys.hashing, b"call record\0" + line.encode(errors="surrogateescape"), "sha256")[:16].hex()

    return fingerprint
