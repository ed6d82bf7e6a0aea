"""Headers of every response: security, CORS, caching."""

from __future__ import annotations

import re

from flask import Response, request

# Pages load nothing from other sites, and but for the query page have no script.
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "img-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)

SCRIPTED_POLICY = f"{_POLICY}; script-src 'self'; connect-src 'self'"
"""The policy of a page with a script, which is a file of this site and may fetch from this site only."""

SECURITY = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

CROSS_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "*",
    "Access-Control-Expose-Headers": (
        "Allow, Content-Location, Content-Profile, Content-Range, ETag, Link, Location, Memento-Datetime, Query-Limits, "
        "Retry-After, Server-Timing, Vary"
    ),
    "Access-Control-Max-Age": "86400",
}
"""CORS: scripts of any site may read what is published, with whatever headers. No response depends on cookies."""

NOT_FOUND_CACHE = "max-age=60, must-revalidate"
"""`Cache-Control` of 404: what is not known may be published in a minute."""

FOR_EVER = "public, max-age=31536000, immutable"
"""`Cache-Control` of what never changes at its address (RFC 8246)."""

_NOT_STORED = frozenset({429, 500, 503})

_ALWAYS = tuple((name, value, name.lower()) for name, value in {**SECURITY, **CROSS_ORIGIN}.items())


_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


def add_headers(response: Response) -> Response:
    """Add the headers that a response does not set itself."""
    # One pass over all names: looking up each of them costs more than the rest of a cached response.
    present = {name.lower() for name, _ in response.headers}
    response.headers.extend([(name, value) for name, value, folded in _ALWAYS if folded not in present])
    if "cache-control" not in present:
        status = response.status_code
        response.headers["Cache-Control"] = (
            NOT_FOUND_CACHE if status == 404 else "no-store" if status in _NOT_STORED else "no-cache"
        )
    if request.method == "OPTIONS":
        _allow_requested_headers(response)
    return response


def _allow_requested_headers(response: Response) -> None:
    """Allow the headers that a preflight asks for, one by one: "*" does not reach Authorization (Fetch, section 4.8)."""
    asked = request.headers.get("Access-Control-Request-Headers", "").split(",")
    names = [name for part in asked if _TOKEN.fullmatch(name := part.strip())]
    if names:
        response.headers["Access-Control-Allow-Headers"] = ", ".join(names)
    response.vary.add("Access-Control-Request-Headers")
