"""Two thousand seeded mutations; `scripts/bench sip_fuzz` sends as many as it is told."""

import random
import socket
from importlib.metadata import version
from pathlib import Path

import pytest
from bench.hostile_pbx import HostilePbx
from bench.rig import free_port, rig, wait_for
from bench.sip_fuzz import explain, fuzz
from bench.sip_text import Ends
from bench.wire import UdpWire

from appliance.store import interviews
from appliance.types import Outcome

COUNT = 2000


@pytest.mark.slow
@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_of_the_pbx_s_own(tmp_path: Path, transport: str) -> None:
    if not version("pjsua2-python").endswith("+efterklang"):
        pytest.skip("the quick-start wheel aborts by its assertions; scripts/build_pjsua2 --install makes this run")
    with rig(tmp_path, transport=transport, register=True) as box:
        figures, attack = fuzz(box, seed=1, count=COUNT, rate=400)
        assert figures.good, explain(attack, attack.line)


def test_of_a_stranger(tmp_path: Path) -> None:
    with rig(tmp_path) as box, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as us:
        us.bind(("127.0.0.66", 0))
        phone = box.phone()
        line = box.line(1, phone.port)
        wait_for(lambda: bool(box.db["processes"].count), 20)  # type: ignore[union-attr]
        [interview] = box.feed(1)
        luck = random.Random(1)
        ends = Ends("127.0.0.66", us.getsockname()[1], line.port)
        stranger = HostilePbx(UdpWire(free_port(), line.port), ends, luck)
        for _ in range(COUNT):
            us.sendto(stranger.next_message(), ("127.0.0.1", line.port))
        wait_for(lambda: interviews.is_over(box.db, interview), 40)
        stranger.wire.close()
        assert interviews.outcome_of(box.db, interview)[1] is Outcome.COMPLETED
        assert line.log.read_text().count("is refused") == 0
