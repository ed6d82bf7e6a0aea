"""Choose a format by the Accept header.

Werkzeug reads the header; the choice is made here because its own fails on an absent header, on parameters such as
"application/ld+json;profile=…" and knows no aliases.
"""

from __future__ import annotations

from collections.abc import Iterable

from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from lod.web.formats import FORMATS, HTML, Format

_EXACT, _RANGE, _ANYTHING, _UNNAMED = 3, 2, 1, 0


def read_accept(header: str | None) -> MIMEAccept:
    """Return the Accept header as Werkzeug reads it; without a header anything is accepted."""
    return parse_accept_header(header or "", MIMEAccept)


def choose_format(accept: MIMEAccept, offers: tuple[Format, ...] = FORMATS) -> Format | None:
    """Return the offer that the header ranks highest, None where it accepts none of them.

    Of offers with the same quality the one that is named wins over one that only a range reaches; after that the
    order of the table decides. A header that names no media type at all accepts anything.

    Source: RFC 9110, section 12.5.1. Parameters other than q are left aside: no format here has variants.
    """
    ranges = [(kind, quality) for kind, quality in _ranges(accept)]
    if not ranges:
        return offers[0]
    best: tuple[float, int] = (0.0, 0)
    chosen = None
    for offer in offers:
        rank = _rank(offer, ranges)
        if rank[0] > 0 and rank > best:
            best, chosen = rank, offer
    return chosen


def names_html(accept: MIMEAccept) -> bool:
    """Tell whether the client names HTML, as browsers do, and not only accepts anything."""
    quality, named = _rank(HTML, list(_ranges(accept)))
    return quality > 0 and named == _EXACT


def _ranges(accept: MIMEAccept) -> Iterable[tuple[str, float]]:
    for value, quality in accept:
        kind = value.partition(";")[0].strip().lower()
        kind = "*/*" if kind == "*" else kind
        if "/" in kind:
            yield kind, float(quality)


def _rank(offer: Format, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """Return quality and specificity of an offer: the most specific range that matches it counts."""
    return max(
        _matched(offer.media_type, ranges),
        *(found for alias in offer.aliases if (found := _matched(alias, ranges))[1] == _EXACT),
        (0.0, _UNNAMED),
    )


def _matched(media_type: str, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    main = f"{media_type.partition('/')[0]}/*"
    for wanted, specificity in ((media_type, _EXACT), (main, _RANGE), ("*/*", _ANYTHING)):
        qualities = [quality for kind, quality in ranges if kind == wanted]
        if qualities:
            return max(qualities), specificity
    return 0.0, _UNNAMED
