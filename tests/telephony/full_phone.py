"""A phone that dials more calls than it may hold, at a PBX that never says a word, then hangs them up.

Prints how many it says it holds, how many it could place, and what the next one was told before and after.
"""

import json
import logging
import socket
import sys
import time
import wave
from pathlib import Path

from appliance.errors import TelephonyError
from appliance.settings import practice_trunk
from appliance.telephony._api import CallHandle, Disconnected
from appliance.telephony._phone import SipPhone

MOST = 64


def main(folder: Path, calls: int) -> None:
    logging.basicConfig(format="%(message)s")
    silence = folder / "silence.wav"
    with wave.open(str(silence), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        phone = SipPhone(practice_trunk(silent.getsockname()[1], calls), silence)
        placed, full = dial_all(phone)
        for call in placed:
            phone.hang_up(call)
        ended = 0
        end = time.monotonic() + 5
        while ended < len(placed) and time.monotonic() < end:
            ended += sum(isinstance(event, Disconnected) for event in phone.poll(20))
        more, still_full = dial_all(phone)
        told = {"holds": phone.max_calls, "placed": len(placed), "full": full, "ended": ended}
        print(json.dumps(told | {"more": len(more), "still_full": still_full}))  # noqa: T201 -- to the test
        phone.close()


def dial_all(phone: SipPhone) -> tuple[list[CallHandle], str]:
    """The calls that could be placed, and what was said to the first that could not."""
    placed: list[CallHandle] = []
    while len(placed) <= MOST:
        try:
            placed.append(phone.dial("+46701740605"))
        except TelephonyError as error:
            return placed, str(error)
    return placed, ""


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
