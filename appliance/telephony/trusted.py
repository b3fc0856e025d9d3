"""Whose calls are taken: those from the PBX's own addresses, and from the ones that the settings name.

The gate lets no one else's packets in; who comes before it stands, or where it cannot, is refused with the call.
"""

import logging
import socket
import threading
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_address, ip_network
from typing import Final

from appliance.settings import SipSettings
from appliance.sip_uri import host_of

_ASK_AGAIN_SECONDS: Final = 15.0
_MOST_NAMED: Final = 20
"""Strangers named in the log; a flood from many addresses must not fill it."""

_log = logging.getLogger(__name__)

Address = IPv4Address | IPv6Address


def addresses_of(host: str) -> frozenset[Address]:
    """All addresses that a host's name stands for, its own where it is one; OSError where it is not found."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_DGRAM)
    return frozenset(ip_address(str(info[4][0])) for info in found)


class Trusted:
    """The addresses that calls may come from. Names are looked up on a thread of their own: an answer may take long."""

    def __init__(
        self,
        sip: SipSettings,
        admit: Callable[[Iterable[IPv4Network]], None],
        look_up: Callable[[str], frozenset[Address]] = addresses_of,
    ) -> None:
        self._networks = tuple(ip_network(network) for network in sip.trusted_addresses)
        self._host = host_of(sip.registrar)
        self._admit = admit
        self._look_up = look_up
        self._pbx: frozenset[Address] = frozenset()
        self._named: set[str] = set()
        self._is_lost = False
        try:
            self._found(frozenset({ip_address(self._host)}))
        except ValueError:
            threading.Thread(target=self._follow, name="pbx-addresses", daemon=True).start()

    def allows(self, source: str) -> bool:
        """Whether a message from "address:port", as PJSIP writes it, may begin a call; strangers are logged once."""
        address = ip_address(source.rpartition(":")[0].strip("[]"))
        if address in self._pbx or any(address in network for network in self._networks):
            return True
        if str(address) not in self._named and len(self._named) < _MOST_NAMED:
            self._named.add(str(address))
            _log.warning("a call from %s is refused: not the PBX, and not in sip.trusted_addresses", address)
        return False

    def ipv4_networks(self) -> list[IPv4Network]:
        """Where calls may come from, as a gate understands it."""
        networks = (*map(ip_network, self._pbx), *self._networks)
        return [network for network in networks if isinstance(network, IPv4Network)]

    def refresh(self) -> None:
        """Ask again where the PBX is; what is known stays where no answer comes."""
        try:
            found = self._look_up(self._host)
        except OSError as error:
            if not self._is_lost:
                _log.warning("sip.registrar: %s is not found: %s", self._host, error.strerror)
            self._is_lost = True
        else:
            self._is_lost = False
            if found != self._pbx:
                self._found(found)

    def _found(self, pbx: frozenset[Address]) -> None:
        self._pbx = pbx
        self._admit(self.ipv4_networks())

    def _follow(self) -> None:
        pause = threading.Event()
        while True:
            self.refresh()
            pause.wait(_ASK_AGAIN_SECONDS)
