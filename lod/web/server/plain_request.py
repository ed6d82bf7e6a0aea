"""Plain request: a GET or HEAD whole in one piece, without a body and with nothing in it that can be read in two ways.

Most requests are. They are read by a few look-ups, since a client repeats the lines of its header. Whatever else a
client sends, right or wrong, is for the request parser, which knows all of HTTP/1.1 and refuses what is none.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from lod.web.server.request_parser import is_host

_MOST_BYTES = 8_192
# Source: RFC 9110, section 5.6.2 (token) and section 5.5 (field values). waitress's pattern for both takes the square of a line of blanks.
_NAME = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
_METHODS = {b"GET": "GET", b"HEAD": "HEAD"}
_FOR_THE_PARSER = frozenset(
    {"CONTENT_LENGTH", "CONTENT_TYPE", "TRANSFER_ENCODING", "TE", "TRAILER", "UPGRADE", "EXPECT"}
)
"""Headers of requests with a body, or about the connection."""


def read_plain_request(data: bytes) -> dict[str, Any] | None:
    """Return what a WSGI environment says of a plain request and its headers; None for any other."""
    if len(data) > _MOST_BYTES or not data.endswith(b"\r\n\r\n"):
        return None
    first, *lines = data[:-4].split(b"\r\n")
    parts = first.split(b" ")
    if len(parts) != 3 or parts[2] != b"HTTP/1.1" or parts[0] not in _METHODS:
        return None
    target = _target(parts[1])
    if target is None:
        return None
    environ: dict[str, Any] = {
        "REQUEST_METHOD": _METHODS[parts[0]],
        "REQUEST_URI": target,
        "QUERY_STRING": target.partition("?")[2],
        "SERVER_PROTOCOL": "HTTP/1.1",
    }
    for line in lines:
        field = _field(line)
        if field is None or field[0] in environ:
            return None
        environ[field[0]] = field[1]
    return environ if "HTTP_HOST" in environ else None


def _target(target: bytes) -> str | None:
    """Return the requested path and query; None where it is written as for a proxy, or not as RFC 3986 has it."""
    if not target.startswith(b"/") or target.startswith(b"//") or b"#" in target or not target.isascii():
        return None
    text = target.decode("ascii")
    return text if text.isprintable() else None


@lru_cache(4_096)
def _field(line: bytes) -> tuple[str, str] | None:
    """Return the name and value of a header as a WSGI environment has them; None for one that the parser has to see."""
    written, colon, rest = line.partition(b":")
    if not colon or b"_" in written or not _NAME.fullmatch(written) or not _VALUE.fullmatch(rest):
        return None
    name, value = written.upper().replace(b"-", b"_").decode("ascii"), rest.decode("latin-1").strip(" \t")
    if (
        name in _FOR_THE_PARSER
        or (name == "CONNECTION" and value.lower() != "keep-alive")
        or (name == "HOST" and not is_host(value))
    ):
        return None
    return f"HTTP_{name}", value
