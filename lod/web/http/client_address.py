"""The client's address, as far as it can be trusted, and which addresses are one client."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

UNKNOWN = "unknown"
"""Placeholder when no trusted proxy reported the client. Source: RFC 7239, section 6.2."""

_NETWORK_BITS = {4: 24, 6: 48}
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")


def client_address(environ: Mapping[str, Any]) -> str:
    """Return the address of the client of a WSGI request; "" where it has none, as behind a Unix socket.

    A request that a program on this machine forwards is not a request of this machine. Only a trusted proxy's report of
    the client counts; the server has put it in place of the address before this is called.
    """
    address = str(environ.get("REMOTE_ADDR") or "")
    if any(name in environ for name in _FORWARDED) and _is_this_machine(address):
        return UNKNOWN
    return address


def is_unheeded_report(environ: Mapping[str, Any]) -> bool:
    """Return whether X-Forwarded-For of a request reports a client and is not heeded: who sent it is not the trusted proxy.

    The server puts the last address of a trusted report in place of that of the proxy.
    """
    report = str(environ.get("HTTP_X_FORWARDED_FOR", ""))
    return bool(report) and str(environ.get("REMOTE_ADDR") or UNKNOWN) not in report


def client_of(address: str | None) -> str | None:
    """Return the identity of a client: its IPv4 address, the /64 network of its IPv6 address; None for this machine."""
    if not address:
        return None  # a Unix socket has no address
    try:
        parsed = ipaddress.ip_address(address.strip("[]").partition("%")[0])
    except ValueError:
        return address  # unknown clients share one account
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return None if parsed.is_loopback else str(ipaddress.ip_network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return None if parsed.is_loopback else str(parsed)


@lru_cache(1_024)
def shortened(address: str) -> str:
    """Return the network of a client: 192.0.2.77 becomes 192.0.2.0, 2001:db8:1:2::3 becomes 2001:db8:1::."""
    try:
        found = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return ""
    return str(ipaddress.ip_network((found, _NETWORK_BITS[found.version]), strict=False).network_address)


def _is_this_machine(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return not address
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback
