"""A stranger's flood: INVITE, REGISTER and OPTIONS in turn, at a steady rate, from one address; replies are dropped.

Run as: flood.py SOURCE PORT RATE SECONDS. Prints how many were sent.
"""

import random
import socket
import sys
import time

from bench.sip_text import SDP, Ends, request


def flood(source: str, port: int, rate: float, seconds: float) -> int:
    """Send `rate` requests a second; returns how many were sent."""
    luck = random.Random(f"{source} {port}")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as us:
        us.bind((source, 0))
        us.setblocking(False)
        ends = Ends(source, us.getsockname()[1], port)
        begun, sent = time.monotonic(), 0
        while (passed := time.monotonic() - begun) < seconds:
            while sent < passed * rate:
                method = ("INVITE", "REGISTER", "OPTIONS")[sent % 3]
                body = SDP.format(port=4000) if method == "INVITE" else ""
                us.sendto(request(method, ends, luck, body), ("127.0.0.1", port))
                sent += 1
            drain(us)
            time.sleep(0.002)
        return sent


def drain(us: socket.socket) -> None:
    try:
        while us.recv(65535):
            pass
    except BlockingIOError:
        return


if __name__ == "__main__":
    where, at, how_many, how_long = sys.argv[1:]
    print(flood(where, int(at), float(how_many), float(how_long)))
