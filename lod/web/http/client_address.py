"""Who asks, as far as it can be known."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from typing import Any

UNKNOWN = "unknown"
"""Stands for the address of a client that nobody trustworthy has told. Source: RFC 7239, section 6.2."""

_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED")


def client_address(environ: Mapping[str, Any]) -> str:
    """Return the address of the client of a WSGI request; "" where it has none, as behind a Unix socket.

    A request that a program on this machine forwards for somebody else is no request of this machine. Who asks is
    known of a trusted proxy alone, whose word the server has put in place of the address before this is called.
    """
    address = str(environ.get("REMOTE_ADDR") or "")
    if any(name in environ for name in _FORWARDED) and _is_this_machine(address):
        return UNKNOWN
    return address


def _is_this_machine(address: str) -> bool:
    try:
        parsed = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return not address
    return (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback
