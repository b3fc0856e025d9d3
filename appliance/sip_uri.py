"""Reading a SIP address."""

import re


def host_of(uri: str) -> str:
    """The host of a SIP address such as sip:user@[2001:db8::1]:5060;transport=tcp."""
    address = re.split(r"[;?]", uri.split(":", 1)[1], maxsplit=1)[0].rpartition("@")[2]
    literal = re.match(r"\[([^\]]+)\]", address)
    return literal[1] if literal else address.split(":")[0]
