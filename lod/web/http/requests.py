"""Requests put right before they are read: bytes that no address has, dates that no calendar holds."""

from __future__ import annotations

from urllib.parse import quote

from flask import request
from werkzeug.http import parse_date

_DATES = ("HTTP_IF_MODIFIED_SINCE", "HTTP_IF_UNMODIFIED_SINCE", "HTTP_IF_RANGE")


def escape_query() -> None:
    """Escape bytes of the query that an address cannot have: some clients send text as it is, in UTF-8 or another encoding.

    Source: RFC 3986, section 2.1.
    """
    if not request.query_string.isascii():
        request.query_string = quote(request.query_string, safe=_ASCII).encode("ascii")


_ASCII = "".join(map(chr, range(128)))


def ignore_impossible_dates() -> None:
    """Drop conditions with a date that no calendar holds, such as a day of the year 99999999999.

    Source: RFC 9110, section 13.1.3: a recipient ignores the field if its value is no valid date.
    """
    for name in _DATES:
        try:
            parse_date(request.environ.get(name))
        except OverflowError:
            del request.environ[name]
