"""A phone without a call that is given one file after another; then others take its conference's places, for a while.

Run as: renewed_phone.py FOLDER LOADS. Prints how many loads failed, the handles it held before and after, and whether
it would make a call: when new, when the conference was full, and a while after that.
"""

import json
import sys
import time
import wave
from collections import deque
from pathlib import Path

from appliance.errors import TelephonyError
from appliance.settings import practice_trunk
from appliance.telephony import _phone
from appliance.telephony._phone import SipPhone
from appliance.telephony._pjsua2 import Tap

_phone._RETIRED_SECONDS = 0.1  # type: ignore[misc]


def silence(folder: Path, name: int) -> Path:
    file = folder / f"{name}.wav"
    with wave.open(str(file), "wb") as made:
        made.setparams((1, 2, 8000, 0, "NONE", ""))
        made.writeframes(bytes(16_000))
    return file


def work(phone: SipPhone, seconds: float) -> None:
    end = time.monotonic() + seconds
    phone._watched_at = 0.0
    while time.monotonic() < end:
        phone.poll(10)


def fails(phone: SipPhone, file: Path) -> bool:
    try:
        phone.load(file)
    except TelephonyError:
        return True
    return False


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def main(folder: Path, loads: int) -> None:
    phone = SipPhone(practice_trunk(9, 4), silence(folder, 0))
    told = {"new": phone.can_dial, "before": handles(), "failed": 0}
    for number in range(loads):
        told["failed"] += fails(phone, silence(folder, number + 1))
        work(phone, 0.1)
    work(phone, 3)
    told["after"] = handles()
    left = phone._endpoint.mediaMaxPorts() - phone._endpoint.mediaActivePorts()
    others = [Tap(deque(), f"other{number}") for number in range(left - 3)]
    told["full"] = phone.can_dial
    others.clear()
    work(phone, 1)
    told["later"] = phone.can_dial
    print(json.dumps(told))  # noqa: T201 -- to the test
    phone.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
