"""A phone that dials more calls than it may hold. Prints how many it says it holds, and how many it could place."""

import json
import logging
import sys
import wave
from pathlib import Path

from appliance.errors import TelephonyError
from appliance.settings import practice_trunk
from appliance.telephony._phone import SipPhone

MOST = 64


def main(folder: Path, calls: int) -> None:
    logging.basicConfig(format="%(message)s")
    silence = folder / "silence.wav"
    with wave.open(str(silence), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    phone = SipPhone(practice_trunk(9, calls), silence)  # port 9: nobody answers
    placed = 0
    try:
        for _ in range(MOST + 1):
            phone.dial("+46701740605")
            placed += 1
    except TelephonyError as error:
        refused = str(error)
    print(json.dumps({"holds": phone.max_calls, "placed": placed, "refused": refused}))  # noqa: T201 -- to the test
    phone.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
