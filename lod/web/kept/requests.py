"""Kept requests: which requests have the same answer."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, NamedTuple

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from lod.web.http.addresses import requested_path
from lod.web.http.codings import CODINGS
from lod.web.http.formats import DATA_FORMATS, GRAPH_FORMATS, ITEM_FORMATS, JSON_LD_FORMS, RESULT_FORMATS
from lod.web.http.negotiate import choose_coding
from lod.web.profiles.signposting import LINKSETS

_BYPASSING = (
    "HTTP_RANGE",
    "HTTP_IF_MATCH",
    "HTTP_IF_UNMODIFIED_SINCE",
    "HTTP_IF_RANGE",
    "HTTP_ACCEPT_DATETIME",
    "HTTP_CONTENT_ENCODING",
)
"""Headers of requests that the app answers itself."""

VARIES = frozenset({"accept", "accept-profile", "accept-datetime", "accept-encoding", "accept-language"})
"""Request headers that are part of a request here; an answer that varies by any other is not kept."""

_LONGEST_HEADER = 1_024
_LONGEST_ADDRESS = 2_048

_OFFERED = frozenset(
    kind
    for format_ in (*ITEM_FORMATS, *DATA_FORMATS, *JSON_LD_FORMS, *LINKSETS, *GRAPH_FORMATS, *RESULT_FORMATS)
    for kind in (format_.media_type, *format_.aliases)
)
_RANGES = frozenset({"*/*", *(f"{kind.partition('/')[0]}/*" for kind in _OFFERED)})


class KeptRequest(NamedTuple):
    """A request without what no answer depends on: its address as it was sent, and what it accepts."""

    address: str
    accepted: str
    profile: str
    coding: str
    language: str = ""

    def in_language(self, language: str) -> KeptRequest:
        """Return the request for an answer in a language; without one it is for an answer that is the same in all."""
        return self._replace(language=language)


def read_request(environ: dict[str, Any]) -> KeptRequest | None:
    """Return what a request asks for; None where no kept answer may be sent for it."""
    if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
        return None
    for name in _BYPASSING:
        if name in environ:
            return None
    query = environ.get("QUERY_STRING", "")
    address = f"{requested_path(environ)}?{query}" if query else requested_path(environ)
    accept, profile = environ.get("HTTP_ACCEPT", ""), environ.get("HTTP_ACCEPT_PROFILE", "")
    coding = environ.get("HTTP_ACCEPT_ENCODING", "")
    if len(address) > _LONGEST_ADDRESS or max(len(accept), len(profile), len(coding)) > _LONGEST_HEADER:
        return None
    return KeptRequest(address, _accepted(accept), profile, _coding(coding))


@lru_cache(4_096)
def _accepted(header: str) -> str:
    """Return an Accept header without ranges that match nothing on offer, in one order: what negotiation makes of it is the same."""
    ranges = [(value, float(quality)) for value, quality in parse_accept_header(header, MIMEAccept)]
    kept = {f"{value};q={quality}" for value, quality in ranges if _is_of_use(value)}
    return ", ".join(sorted(kept)) or ("none" if ranges else "")


def _is_of_use(value: str) -> bool:
    kind = parse_options_header(value)[0].strip().lower()
    return kind in _OFFERED or kind in _RANGES or "/" not in kind


@lru_cache(4_096)
def _coding(header: str) -> str:
    return choose_coding(header, tuple(CODINGS))
