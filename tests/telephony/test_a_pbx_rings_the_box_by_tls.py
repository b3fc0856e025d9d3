"""A trunk without registration: the PBX opens the TLS connection, so the box must show a certificate of its own."""

import socket
import ssl
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from bench.rig import free_port
from pbx.asterisk import Asterisk
from pbx.box import CALLER_ID, Box, wait_until
from pbx.certificates import Authority
from pbx.citizens import CITIZENS

from appliance.types import Outcome

PORT = free_port()


def certificate_files(folder: Path, authority: Authority) -> dict[str, str]:
    """The keys of [sip] that name them."""
    files = {"cert_file": folder / "cert.pem", "key_file": folder / "key.pem", "ca_file": folder / "ca.pem"}
    for path, pem in zip(files.values(), (*authority.issue(("127.0.0.1",)), authority.pem), strict=True):
        path.write_text(pem, encoding="ascii")
    return {key: str(path) for key, path in files.items()}


@pytest.fixture
def box(tmp_path: Path) -> Iterator[Box]:
    """Its authority's certificate lies in ca.pem."""
    files = certificate_files(tmp_path, Authority())
    made = Box(tmp_path / "box", None, register=False, transport="tls", port=9, local_port=free_port(), **files)
    yield made
    made.close()


def test_the_box_shows_its_own_certificate(box: Box) -> None:
    assert box.settings.sip
    trusting = ssl.create_default_context(cafile=box.settings.sip.ca_file)
    with box.line():
        wait_until(box.note, 30)
        with (
            socket.create_connection(("127.0.0.1", box.settings.sip.local_port), 5) as plain,
            trusting.wrap_socket(plain, server_hostname="127.0.0.1") as secure,
        ):
            assert secure.version() in {"TLSv1.2", "TLSv1.3"}


@pytest.mark.slow
def test_a_citizen_who_rings_back_by_tls_is_interviewed(
    start_asterisk: Callable[..., Asterisk], box_on: Callable[..., Box], tmp_path: Path
) -> None:
    trunk = f"""
[by-tls]
type = endpoint
transport = tls
allow = !all,alaw
aors = by-tls
[by-tls]
type = aor
contact = sip:127.0.0.1:{PORT}\\;transport=tls
"""
    route = "[outside-tls]\nexten = _[+0-9].,1,Set(CALLERID(num)=${CUT(EXTEN,*,1)})\n"
    route += "same = n,Dial(PJSIP/${CUT(EXTEN,*,2)}@by-tls,40)\n"
    asterisk = start_asterisk(extra_pjsip=trunk, extra_dialplan=route)
    files = certificate_files(tmp_path, asterisk.authority)
    not_yet = {"delay_minutes": 600}
    box = box_on(asterisk, register=False, transport="tls", local_port=PORT, dialer=not_yet, **files)
    citizen = CITIZENS["opts_out"]
    interview = box.queue(citizen)
    with box.line():
        wait_until(box.note, 30)
        number = citizen.number
        asterisk.cli(f"channel originate Local/{number}*{CALLER_ID}@outside-tls/n extension {number}@citizens")
        wait_until(lambda: box.is_over(interview), 60)
    assert box.outcome(interview) is Outcome.OPTED_OUT
