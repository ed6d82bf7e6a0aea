"""Request parser of waitress with the refusals that HTTP/1.1 (RFC 9112) asks of a server."""

from __future__ import annotations

import re

from waitress.parser import HTTPRequestParser, ParsingError
from waitress.utilities import Error

_LONGEST_CONTENT_LENGTH = 18
"""Digits of the longest Content-Length that is a number; int() refuses thousands of them."""
is_host = re.compile(r"[A-Za-z0-9\-._~%!$&'()*+,;=:\[\]]*").fullmatch


class VersionNotSupportedError(Error):  # type: ignore[misc]
    """A request in another major version of HTTP."""

    code = 505
    reason = "HTTP Version Not Supported"


class RequestParser(HTTPRequestParser):  # type: ignore[misc]
    """A request: one Host in HTTP/1.1, and one length that everybody on its way reads alike."""

    def parse_header(self, header_plus: bytes) -> None:
        """Parse request line and headers.

        Raises:
            ParsingError: answered with 400, and the connection is closed.
        """
        lengths, hosts, codings = (
            _values(header_plus, name) for name in (b"content-length", b"host", b"transfer-encoding")
        )
        if any(len(length) > _LONGEST_CONTENT_LENGTH for length in lengths):
            raise ParsingError("Content-Length is too long to be a number")
        if b",".join(codings).lower().count(b"chunked") > 1:
            raise ParsingError("Transfer-Encoding names chunked more than once")
        super().parse_header(header_plus)
        version = str(self.version)  # type: ignore[has-type]
        if version not in {"", "1.0", "1.1"}:
            if not version.startswith("1."):
                self.error, self.body_rcv, self.content_length = VersionNotSupportedError("use HTTP/1.1"), None, 0
                return
            # A later minor version is read as the last one that is known (RFC 9110, section 6.2).
            self.version = "1.1"
        if len(hosts) > 1:
            raise ParsingError("more than one Host header")
        if self.version == "1.1" and not hosts:
            raise ParsingError("HTTP/1.1 requests need a Host header")
        if not is_host(self.headers.get("HOST", "")):
            raise ParsingError("Host is invalid")
        if self.version != "1.1" and "TRANSFER_ENCODING" in self.headers:
            raise ParsingError("Transfer-Encoding in a request that is not HTTP/1.1")
        if self.chunked and lengths:
            # Somebody on the way may have read another length: what follows on this connection is not trusted.
            self.connection_close = True
            self.headers["CONNECTION"] = "close"


def _values(header_plus: bytes, name: bytes) -> list[bytes]:
    """Return the values of a header, one a line that has it."""
    fields = (line.partition(b":") for line in header_plus.split(b"\r\n")[1:])
    return [value.strip(b" \t") for field, _, value in fields if field.lower() == name]
