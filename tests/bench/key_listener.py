"""A telephone that rings numbers and writes down which keys it is sent; a part of `keys.py`.

Run as: key_listener.py PORT FOLDER CALLS SECONDS NUMBER... It rings CALLS at a time and holds each for SECONDS at most.
Prints a JSON object of the keys by number.
"""

import json
import sys
import time
import wave
from pathlib import Path

from appliance.settings import practice_trunk
from appliance.telephony._api import CallHandle, Connected, Digit, Disconnected, Heard
from appliance.telephony._phone import SipPhone
from appliance.telephony.keys import Keys


def listen(phone: SipPhone, numbers: list[str], seconds: float) -> dict[str, str]:
    """Ring all numbers, as many at a time as the phone holds; returns what was pressed until each call's end."""
    heard = dict.fromkeys(numbers, "")
    to_ring = list(reversed(numbers))
    live: dict[CallHandle, tuple[str, Keys]] = {}
    ends: dict[CallHandle, float] = {}
    while to_ring or live:
        if to_ring and phone.live_calls < phone.max_calls:
            number = to_ring.pop()
            live[phone.dial(number)] = (number, Keys())
        for event in phone.poll(10):
            now = time.monotonic()
            match event:
                case Digit(call, key):
                    number, keys = live[call]
                    heard[number] += key if keys.told(event, now) else ""
                case Heard(call, pcm):
                    number, keys = live[call]
                    heard[number] += keys.heard(pcm, now)
                case Connected(call):
                    ends[call] = now + seconds
                case Disconnected(call):
                    del live[call]
                    ends.pop(call, None)
        for call in [call for call, end in ends.items() if time.monotonic() > end]:
            phone.hang_up(call)
    return heard


def main(port: int, folder: Path, calls: int, seconds: float, numbers: list[str]) -> None:
    silence = folder / f"silence-{numbers[0]}.wav"
    with wave.open(str(silence), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16000))
    phone = SipPhone(practice_trunk(port, calls), silence)
    try:
        print(json.dumps(listen(phone, numbers, seconds)))
    finally:
        phone.close()


if __name__ == "__main__":
    at, where, at_a_time, how_long, *to_ring = sys.argv[1:]
    main(int(at), Path(where), int(at_a_time), float(how_long), to_ring)
