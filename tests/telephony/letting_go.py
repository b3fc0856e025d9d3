"""A PBX that stops answering, and a phone that hangs up on it. Run as: letting_go.py FOLDER FAILING...

Each failing is a call of its own, at most four at a time: the phone dials, and lets go after two seconds. Prints as
JSON after how many seconds each end was told, how many places were held then, and after how many seconds none was.
"""

import json
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bench.sip_text import SDP, header, message
from telephony.two_phones import phone

from appliance.telephony._api import Disconnected

LET_GO_SECONDS: Final = 2
LONGEST_SECONDS: Final = 70.0
FAILINGS: Final[dict[str, tuple[int, ...]]] = {
    "is deaf": (),
    "tries": (100,),
    "rings": (100, 180),
    "rings and takes the CANCEL but ends nothing": (100, 180),
    "answers": (100, 180, 200),
}
"""What it still says to an INVITE."""


class MutePbx(threading.Thread):
    """Answers each INVITE as its failing says, by the number dialled, and then nothing."""

    def __init__(self, failings: list[str]) -> None:
        super().__init__(daemon=True)
        self._failings = failings
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]

    def run(self) -> None:
        while True:
            text, sender = self._socket.recvfrom(65_535)
            method, _, rest = text.partition(b" ")
            if method not in {b"INVITE", b"CANCEL"}:
                continue
            failing = self._failings[int(rest.split(b"@")[0][-1:])]
            if method == b"INVITE":
                for status in FAILINGS[failing]:
                    self._reply(text, status, sender)
            elif "takes the CANCEL" in failing:
                self._reply(text, 200, sender)

    def _reply(self, request: bytes, status: int, to: tuple[str, int]) -> None:
        headers = [(name, header(request, name)) for name in ("Via", "From", "Call-ID", "CSeq")]
        headers += [("To", f"{header(request, 'To')};tag=mute"), ("Contact", f"<sip:pbx@127.0.0.1:{self.port}>")]
        body = SDP.format(port=self.port) if status == 200 and b"INVITE" in request[:6] else ""
        self._socket.sendto(message(f"SIP/2.0 {status} so", headers, body), to)


def main(folder: Path, failings: list[str]) -> None:
    pbx = MutePbx(failings)
    pbx.start()
    us = phone(folder, "us", pbx.port)
    calls = {us.dial(f"+4670174061{number}"): failing for number, failing in enumerate(failings)}
    ended: dict[str, float] = {}
    begun = time.monotonic()

    def poll_until(done: Callable[[], bool], seconds: float) -> None:
        while not done() and time.monotonic() < begun + seconds:
            for event in us.poll(20):
                if isinstance(event, Disconnected):
                    ended[calls[event.call]] = round(time.monotonic() - begun - LET_GO_SECONDS, 1)

    poll_until(lambda: False, LET_GO_SECONDS)
    for call in calls:
        us.hang_up(call)
    poll_until(lambda: len(ended) == len(calls), LONGEST_SECONDS)
    held = us.live_calls
    poll_until(lambda: us.live_calls == 0, LONGEST_SECONDS)
    free = round(time.monotonic() - begun - LET_GO_SECONDS, 1)
    us.close()
    print(json.dumps({"ended": ended, "held": held, "free": free}))  # noqa: T201 -- to the test


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
