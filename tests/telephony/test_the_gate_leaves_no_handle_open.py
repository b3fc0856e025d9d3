"""The gate looks at every handle of this process to find PJSIP's socket, as often as the PBX's address changes."""

import os
import socket
from ipaddress import ip_network
from pathlib import Path

from appliance.telephony.gate import Gate

ALLOWED = [ip_network("127.0.0.1/32")]


def handles() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_what_is_no_socket_is_left_alone(tmp_path: Path) -> None:
    others = [os.open(tmp_path, os.O_RDONLY), *os.pipe()]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sip:
        sip.bind(("127.0.0.1", 0))
        before = handles()
        for _ in range(3):
            Gate(sip.getsockname()[1]).admit(ALLOWED)
            Gate(1).admit(ALLOWED)  # nobody waits there: every handle is looked at
        assert handles() == before
    for other in others:
        os.close(other)
