"""The client's address, as far as it can be trusted, and which addresses are one client."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

UNKNOWN = "unknown"
"""Placeholder when no trusted proxy reported the client. Source: RFC 7239, section 6.2."""

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


def _is_this_machine(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return not address
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback
