"""Private hosts: this machine, its link and the networks behind it, where no server on the internet may send us."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

from lod.http.errors import HttpError

_NAT64 = IPv6Network("64:ff9b::/96")


def is_private(host: str) -> bool:
    """Return whether a host is, or has among its addresses, one that is not for the whole internet.

    The system reads the name as it does for a connection: "2130706433", "0177.0.0.1" and "127.1" are 127.0.0.1. A name that
    it does not know is not private: nothing connects to it either, unless a proxy does.
    """
    found: set[str] = {host.strip("[]")}
    with suppress(OSError, UnicodeError):
        found = {str(entry[4][0]) for entry in socket.getaddrinfo(host.strip("[]"), None, type=socket.SOCK_STREAM)}
    return any(map(is_private_address, found))


def is_private_address(text: str) -> bool:
    """Return whether an IP address is loopback, private, link-local, shared, reserved, or a group; a name is not.

    Of an IPv6 address that holds an IPv4 address (mapped, 6to4, Teredo, NAT64), that one decides.

    Source: IANA, Special-Purpose Address Registries for IPv4 and IPv6.
    """
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return False
    return any(not held.is_global or held.is_multicast for held in _held(address))


def _held(address: IPv4Address | IPv6Address) -> list[IPv4Address | IPv6Address]:
    if isinstance(address, IPv4Address):
        return [address]
    if address in _NAT64:
        return [IPv4Address(int(address) & 0xFFFFFFFF)]
    held = address.ipv4_mapped or address.sixtofour
    if held:
        return [held]
    return [*address.teredo] if address.teredo else [address]


class PublicOnly:
    """Refuses a connection to a private host when it is made, whatever its name meant a moment before (DNS rebinding).

    A connection to a proxy is not looked at: it is the operator's, and reaches what the proxy allows.
    """

    def __init__(self, host: str) -> None:
        """Take the requested host, as the client library names it."""
        self._host = host
        self._is_direct = False

    def trace(self, event: str, info: Mapping[str, Any]) -> None:
        """Look at each connection before anything is sent through it: the extension "trace" of a request.

        Raises:
            HttpError: it leads to a private host.
        """
        if event.endswith(".connect_tcp.started"):
            self._is_direct = info["host"].strip("[]") == self._host
        elif event.endswith(".connect_tcp.complete") and self._is_direct:
            opened = info["return_value"].get_extra_info("socket")
            if is_private_address(str(opened.getpeername()[0])):
                opened.close()
                raise refused(self._host)


def refused(host: str) -> HttpError:
    """Return the error of a redirect to a private host."""
    return HttpError(
        f"redirects to {host}, a private address: a server on the internet may not send us into our own network, so it is "
        "not followed. Name the address where it ends yourself, if that is meant"
    )
