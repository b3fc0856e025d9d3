"""A PBX that takes part in the line's calls and registrations with broken messages, sent in the right dialogs."""

import random
from dataclasses import dataclass, field
from typing import Final

from bench.mutation import mutate
from bench.sip_text import SDP, Ends, header, message, request
from bench.wire import Wire

OUTSIDE: Final = (
    "INVITE",
    "OPTIONS",
    "REGISTER",
    "NOTIFY",
    "MESSAGE",
    "SUBSCRIBE",
    "REFER",
    "BYE",
    "ACK",
    "CANCEL",
    "INFO",
)
INSIDE: Final = (
    "INFO",
    "INFO",
    "INVITE",
    "UPDATE",
    "ACK",
    "BYE",
    "REFER",
    "NOTIFY",
    "OPTIONS",
    "MESSAGE",
    "PRACK",
    "CANCEL",
)
STATUSES: Final = (100, 180, 183, 200, 200, 202, 301, 302, 401, 404, 407, 422, 480, 486, 488, 491, 500, 503, 603)
MOST_IN_ONE_CALL: Final = 60
MOST_CALLS_OF_OURS: Final = 1
"""The line's places are few, and the calls that it begins are to be hurt as well."""
BODIES: Final = {
    "INFO": ("Signal=5\r\nDuration=160\r\n", "application/dtmf-relay"),
    "REFER": ("", ""),
    "MESSAGE": ("hej", "text/plain"),
    "NOTIFY": ("SIP/2.0 200 OK\r\n", "message/sipfrag;version=2.0"),
}
MORE: Final = {
    "REFER": (("Refer-To", "<sip:+46701740605@127.0.0.1>"), ("Referred-By", "<sip:a@127.0.0.1>")),
    "NOTIFY": (("Event", "refer;id=1"), ("Subscription-State", "active;expires=60")),
    "SUBSCRIBE": (("Event", "presence"), ("Expires", "60")),
    "PRACK": (("RAck", "1 1 INVITE"),),
    "INVITE": (("Supported", "timer, 100rel, replaces"), ("Session-Expires", "1800;refresher=uac"), ("Min-SE", "90")),
    "UPDATE": (("Session-Expires", "90;refresher=uas"),),
}
REPLIED: Final = (
    ("Require", "100rel"), ("RSeq", "1"), ("Session-Expires", "90;refresher=uac"), ("Retry-After", "1"),
    ("WWW-Authenticate", 'Digest realm="pbx", nonce="n1", algorithm=MD5, qop="auth"'),
    ("Proxy-Authenticate", 'Digest realm="pbx", nonce="n2", algorithm=SHA-256, qop="auth,auth-int", stale=true'),
    ("Record-Route", "<sip:127.0.0.1;lr>"), ("Min-SE", "1800"), ("Allow", "INVITE, ACK"),
    ("Service-Route", "<sip:127.0.0.1>"),
)  # fmt: skip


@dataclass
class Dialog:
    """One call with the line, who began it; `ours` and `theirs` are the two ends with their tags."""

    call_id: str
    ours: str
    theirs: str
    invite: bytes
    sent: int = 0
    cseq: int = 20_000


@dataclass
class HostilePbx:
    wire: Wire
    ends: Ends
    luck: random.Random
    dialogs: dict[str, Dialog] = field(default_factory=dict)
    last_requests: list[bytes] = field(default_factory=list)

    def next_message(self) -> bytes:
        """A broken message of some kind; one in ten is whole."""
        kind = self.luck.random()
        if kind < 0.4 and self.dialogs:
            dialog = self.luck.choice(list(self.dialogs.values()))
            dialog.sent += 1
            text = self._inside(self.luck.choice(INSIDE), dialog)
        elif kind < 0.6 and self.last_requests:
            text = self._reply(self.luck.choice(self.last_requests), self.luck.choice(STATUSES))
        else:
            full = sum(not dialog.invite for dialog in self.dialogs.values()) >= MOST_CALLS_OF_OURS
            text = self._outside(self.luck.choice(OUTSIDE[full:]))
        return mutate(text, self.luck) if self.luck.random() < 0.9 else text

    def hear(self, text: bytes) -> list[bytes]:
        """What to send in answer to one of the line's messages: the calls must go on to be hurt."""
        method = text.partition(b" ")[0].decode(errors="replace")
        call_id = header(text, "Call-ID")
        self.last_requests = [*self.last_requests[-7:], text] if method != "SIP/2.0" else self.last_requests
        broken = [
            mutate(self._reply(text, self.luck.choice(STATUSES)), self.luck) for _ in range(self.luck.randrange(3))
        ]
        match method:
            case "INVITE":
                ours = f"{header(text, 'To')};tag=t{self.luck.getrandbits(32):x}"
                self.dialogs.setdefault(call_id, Dialog(call_id, ours, header(text, "From"), text))
                final = 200 if self.luck.random() < 0.8 else self.luck.choice((486, 404, 480, 503))
                if final != 200:
                    self.dialogs.pop(call_id)
                return [self._reply(text, 180), *broken, self._reply(text, final)]
            case "CANCEL" if call_id in self.dialogs and self.dialogs[call_id].invite:
                return [self._reply(text, 200), self._reply(self.dialogs.pop(call_id).invite, 487)]
            case "BYE":
                self.dialogs.pop(call_id, None)
                return [*broken, self._reply(text, 200)]
            case "SIP/2.0":
                return self._acknowledge(text, call_id)
            case "ACK":
                return []
        return [*broken, self._reply(text, 200)]

    def _acknowledge(self, reply: bytes, call_id: str) -> list[bytes]:
        """Of a call that we began, or nothing."""
        cseq, _, method = header(reply, "CSeq").partition(" ")
        if method != "INVITE" or reply[8:9] == b"1":
            return []
        dialog = Dialog(call_id, header(reply, "From"), header(reply, "To"), b"", cseq=int(cseq or 0) - 1)
        ack = self._inside("ACK", dialog)
        if reply[8:9] == b"2":
            self.dialogs.setdefault(call_id, dialog)
        return [ack]

    def ends_of_calls(self) -> list[bytes]:
        """A whole BYE for each call that has been hurt enough; another will take its place."""
        over = [name for name, dialog in self.dialogs.items() if dialog.sent >= MOST_IN_ONE_CALL]
        return [self._inside("BYE", self.dialogs.pop(name)) for name in over]

    def _outside(self, method: str) -> bytes:
        body, kind = (
            (SDP.format(port=self.luck.randrange(65536)), "application/sdp") if method == "INVITE" else ("", "")
        )
        body, kind = BODIES.get(method, (body, kind))
        return request(method, self.ends, self.luck, body, kind, MORE.get(method, ()))

    def _inside(self, method: str, dialog: Dialog, offer: str = "") -> bytes:
        dialog.cseq += 1
        headers = [
            ("Via", f"{self.ends.via}{self.luck.getrandbits(48):x}"),
            ("Max-Forwards", "70"),
            ("From", dialog.ours),
            ("To", dialog.theirs),
            ("Call-ID", dialog.call_id),
            ("CSeq", f"{dialog.cseq} {method}"),
            ("Contact", self.ends.contact),
            *MORE.get(method, ()),
        ]
        sdp = offer or SDP.format(port=self.luck.choice((0, 4000, 65535))) if method in {"INVITE", "UPDATE"} else ""
        body, kind = BODIES.get(method, (sdp, "application/sdp"))
        return message(f"{method} sip:efterklang@127.0.0.1:{self.ends.target_port} SIP/2.0", headers, body, kind)

    def _reply(self, asked: bytes, status: int) -> bytes:
        call_id = header(asked, "Call-ID")
        to = self.dialogs[call_id].ours if call_id in self.dialogs else header(asked, "To") + ";tag=none"
        to = header(asked, "To") if ";tag=" in header(asked, "To") else to
        headers = [
            ("Via", header(asked, "Via")),
            ("From", header(asked, "From")),
            ("To", to),
            ("Call-ID", call_id),
            ("CSeq", header(asked, "CSeq")),
            (
                "Contact",
                header(asked, "Contact") + ";expires=30" if asked.startswith(b"REGISTER") else self.ends.contact,
            ),
            *(self.luck.sample(REPLIED, self.luck.randrange(3)) if status not in {200, 180, 487} else ()),
        ]
        with_sdp = asked.startswith(b"INVITE") and status in {183, 200}
        return message(f"SIP/2.0 {status} So", headers, SDP.format(port=4000) if with_sdp else "")
