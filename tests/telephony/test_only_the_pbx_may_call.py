"""A stranger's INVITE is refused before anything is built for it; the PBX's reaches us."""

import logging
import random
import socket
from collections.abc import Iterable
from ipaddress import IPv4Network, ip_address
from pathlib import Path

import pytest
from bench.rig import rig, wait_for
from bench.sip_text import SDP, Ends, request, status_of

from appliance.settings import SipSettings
from appliance.telephony.trusted import Trusted, addresses_of

TRUSTED = ("198.51.100.7", "10.1.2.0/24", "2001:db8::/32")


def ignore(networks: Iterable[IPv4Network]) -> None:
    """No gate."""


def settings(registrar: str, *trusted: str) -> SipSettings:
    return SipSettings.model_validate({"registrar": registrar, "trusted_addresses": trusted})


@pytest.mark.parametrize(
    ("source", "allowed"),
    [
        ("192.0.2.10:5060", True),
        ("192.0.2.11:5060", False),
        ("198.51.100.7:40000", True),
        ("10.1.2.255:5060", True),
        ("10.1.3.0:5060", False),
        ("[2001:db8::5]:5060", True),
        ("[2001:db9::5]:5060", False),
    ],
)
def test_a_call_comes_from_the_registrar_or_from_a_trusted_address(source: str, allowed: bool) -> None:
    assert Trusted(settings("sip:192.0.2.10:5060", *TRUSTED), ignore).allows(source) is allowed


def test_a_registrar_s_name_stands_for_all_its_addresses() -> None:
    both = frozenset(map(ip_address, ("192.0.2.1", "192.0.2.2")))
    trusted = Trusted(settings("sip:pbx.exempel.invalid"), ignore, lambda _: both)
    wait_for(lambda: trusted.allows("192.0.2.1:5060"), 5)
    assert trusted.allows("192.0.2.2:5060")
    assert not trusted.allows("192.0.2.3:5060")


def test_a_pbx_that_moves_is_found_again_and_one_that_is_not_found_keeps_its_place() -> None:
    answers = iter([frozenset({ip_address("192.0.2.1")}), frozenset({ip_address("192.0.2.2")})])

    def look_up(host: str) -> frozenset[object]:
        try:
            return next(answers)
        except StopIteration:
            raise OSError(-2, "Name or service not known") from None

    trusted = Trusted(settings("sip:pbx.exempel.invalid"), ignore, look_up)  # type: ignore[arg-type]
    wait_for(lambda: trusted.allows("192.0.2.1:5060"), 5)
    trusted.refresh()
    assert not trusted.allows("192.0.2.1:5060")
    trusted.refresh()
    assert trusted.allows("192.0.2.2:5060")


def test_names_are_looked_up_by_the_system() -> None:
    assert ip_address("127.0.0.1") in addresses_of("localhost")


def test_a_stranger_is_named_once_and_a_thousand_do_not_fill_the_log(caplog: pytest.LogCaptureFixture) -> None:
    trusted = Trusted(settings("sip:192.0.2.10"), ignore)
    with caplog.at_level(logging.WARNING):
        for last in (*range(200), *range(200)):
            assert not trusted.allows(f"203.0.113.{last}:5060")
    assert len(caplog.messages) == 20
    assert "203.0.113.0 is refused" in caplog.messages[0]


@pytest.mark.parametrize("network", ["pbx.exempel.lan", "10.1.2.0/33", "", "10.1.2"])
def test_a_trusted_address_is_written_in_numbers(network: str) -> None:
    with pytest.raises(ValueError, match="must be an address or a network"):
        settings("sip:192.0.2.10", network)


@pytest.mark.parametrize("transport", ["udp", "tcp"])
def test_a_stranger_s_packets_never_reach_the_phone(tmp_path: Path, transport: str) -> None:
    with rig(tmp_path, transport=transport) as box:
        phone = box.phone()
        with pytest.raises(TimeoutError):
            final_status("127.0.0.66", phone.port, transport)
        assert final_status("127.0.0.1", phone.port, transport) == 200
        assert phone.log.read_text() == ""


def test_while_nobody_knows_where_the_pbx_is_every_call_is_refused(tmp_path: Path) -> None:
    with rig(tmp_path, pbx_host="pbx.exempel.invalid") as box:
        line = box.line(1, 5060)
        wait_for(lambda: "is not found" in line.log.read_text(), 20)
        assert final_status("127.0.0.66", line.port) == 500
        assert line.log.read_text().count("127.0.0.66 is refused") == 1


def final_status(source: str, port: int, transport: str = "udp") -> int:
    """What an INVITE from this address is answered in the end; TimeoutError where nobody answers."""
    kind = socket.SOCK_DGRAM if transport == "udp" else socket.SOCK_STREAM
    with socket.socket(socket.AF_INET, kind) as us:
        us.settimeout(2)
        us.bind((source, 0))
        us.connect(("127.0.0.1", port))
        ends = Ends(source, us.getsockname()[1], port, transport.upper())
        us.sendall(request("INVITE", ends, random.Random(source), SDP.format(port=4000)))
        while (status := status_of(us.recv(65535))) < 200:
            pass
        return status
