"""Addresses of requests: how they are made, compared and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_SHOWN = 160
_USER = re.compile(r"^([^/?#]*//)[^/?#]*@")
_SECRET = re.compile(
    r"([?&;#](?!resumptionToken=)[\w.~%-]{0,40}?(?:token|key|secret|pass|pwd|auth|signature|sig|credential|session)[\w.~%-]{0,40}=)[^&;#\s]++",
    re.IGNORECASE,
)
_PORTS = {"http": 80, "https": 443}


def origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address: what credentials are for. Source: RFC 6454, section 4."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or ""), parts.port or _PORTS.get(parts.scheme, 0)


def is_web_address(url: str) -> bool:
    """Return whether an address starts with http or https and names a host."""
    try:
        scheme, host, _ = origin(url)
    except ValueError:
        return False
    return scheme in _PORTS and bool(host)


def with_query(url: str, parameters: Mapping[str, str] | Sequence[tuple[str, str]]) -> str:
    """Return an address with parameters added to those that it has; those of the same name are replaced, all of them."""
    parts = urlsplit(url)
    added = list(parameters.items() if isinstance(parameters, Mapping) else parameters)
    names = {name for name, _ in added}
    kept = [pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in names]
    return urlunsplit(parts._replace(query=urlencode([*kept, *added]), fragment=""))


def without_query(url: str, *names: str) -> tuple[str, dict[str, str]]:
    """Return an address without some parameters, and what they were."""
    parts = urlsplit(url)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [pair for pair in pairs if pair[0] not in names]
    return urlunsplit(parts._replace(query=urlencode(kept), fragment="")), dict(
        pair for pair in pairs if pair[0] in names
    )


def file_name(url: str) -> str:
    """Return a name for a file fetched from an address: the last part of its path, safe for any disk."""
    name = unquote(urlsplit(url).path.rstrip("/").rpartition("/")[2])
    return quote(name, safe="")[-100:].lstrip(".") or "answer"


def without_secrets(url: str) -> str:
    """Return an address without user and password, parameters that are secrets by their names masked.

    "?api_key=x" is "?api_key=…"; a resumption token is no secret.
    """
    return _SECRET.sub(r"\1…", _USER.sub(r"\1", url))


def shown(url: str) -> str:
    """Return an address for messages: without secrets; some hundred characters are cut in the middle."""
    url = without_secrets(url)
    return url if len(url) <= _SHOWN else f"{url[: _SHOWN - 40]}…{url[-39:]}"
