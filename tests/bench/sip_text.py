"""SIP messages as a PBX or a stranger would write them, as bytes; whole and valid."""

import random
from dataclasses import dataclass
from typing import Final

SDP: Final = (
    "v=0\r\no=- 3907 3907 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
    "m=audio {port} RTP/AVP 8 0 101\r\na=rtpmap:8 PCMA/8000\r\na=rtpmap:0 PCMU/8000\r\n"
    "a=rtpmap:101 telephone-event/8000\r\na=fmtp:101 0-16\r\na=ptime:20\r\na=sendrecv\r\n"
)


@dataclass(frozen=True)
class Ends:
    """From whom, to whom, over what."""

    source: str
    source_port: int
    target_port: int
    transport: str = "UDP"

    @property
    def via(self) -> str:
        return f"SIP/2.0/{self.transport} {self.source}:{self.source_port};rport;branch=z9hG4bK"

    @property
    def contact(self) -> str:
        return f"<sip:pbx@{self.source}:{self.source_port};transport={self.transport.lower()}>"


def message(start: str, headers: list[tuple[str, str]], body: str = "", kind: str = "application/sdp") -> bytes:
    """A start line, headers in order, and a body with its true length."""
    if body:
        headers = [*headers, ("Content-Type", kind)]
    lines = [start, *(f"{name}: {value}" for name, value in headers), f"Content-Length: {len(body.encode())}"]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


def request(
    method: str,
    ends: Ends,
    luck: random.Random,
    body: str = "",
    kind: str = "application/sdp",
    more: tuple[tuple[str, str], ...] = (),
) -> bytes:
    """Outside any dialog, with fresh names."""
    name = f"{luck.getrandbits(48):012x}"
    target = f"sip:efterklang@127.0.0.1:{ends.target_port}"
    headers = [
        ("Via", ends.via + name),
        ("Max-Forwards", "70"),
        ("From", f"<sip:+46701740699@{ends.source}>;tag=f{name}"),
        ("To", f"<{target}>"),
        ("Call-ID", f"{name}@{ends.source}"),
        ("CSeq", f"{luck.randint(1, 9999)} {method}"),
        ("Contact", ends.contact),
        *more,
    ]
    return message(f"{method} {target} SIP/2.0", headers, body, kind)


def header(text: bytes, name: str) -> str:
    """The first value of a header in a message that PJSIP wrote; empty where there is none."""
    for line in text.split(b"\r\n\r\n")[0].decode(errors="replace").split("\r\n")[1:]:
        key, _, value = line.partition(":")
        if key.strip().lower() == name.lower():
            return value.strip()
    return ""


def status_of(reply: bytes) -> int:
    """0 where it is no reply."""
    return int(reply[8:11]) if reply[:8] == b"SIP/2.0 " and reply[8:11].isdigit() else 0
