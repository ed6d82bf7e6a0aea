"""Choose a format by the Accept header, a profile by Accept-Profile, a coding by Accept-Encoding.

Werkzeug reads the headers; the choice of a format is made here because its own fails on an absent header, on parameters
such as "application/ld+json;profile=…" and knows no aliases.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import itemgetter

from flask import request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header, parse_options_header

from lod.web.http.formats import FORMATS, HTML, Format, format_named

# How closely a range matches a format, the closest first: with a parameter that it has, without parameters, with
# parameters that mean nothing here, by its type alone, as */*, not at all. Source: RFC 9110, section 12.5.1.
_PARAMETERS, _EXACT, _LENIENT, _RANGE, _ANYTHING, _UNNAMED = 5, 4, 3, 2, 1, 0

_ANYBODYS = frozenset({"application/json", "application/xml", "text/xml", "text/plain"})
"""Media types of many languages, which ask for a format but do not name it."""

_PROFILE = re.compile(r"<(?P<iri>[^<>\s]+)>\s*(?:;\s*q\s*=\s*(?P<quality>[0-9.]+)\s*)?(?:;[^,]*)?(?:,|$)")


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of an Accept header; `forms` are the profiles that it names."""

    kind: str
    quality: float
    forms: tuple[str, ...] = ()
    charset: str = ""
    other: bool = False


def read_accept(header: str | None) -> MIMEAccept:
    """Return the Accept header as Werkzeug reads it; without a header anything is accepted."""
    return parse_accept_header(header or "", MIMEAccept)


def choose_format(accept: MIMEAccept, offers: tuple[Format, ...] = FORMATS) -> Format | None:
    """Return the offer that the header ranks highest, None where it accepts none of them.

    Of the ranges that match an offer the closest one decides its quality. Of offers with the same quality the one that is
    named wins over one that only a range matches; after that the order of the table decides, but HTML gives way to data that
    the client names: programs such as Protégé list HTML among what they read. A header that names no media type at all
    accepts anything. Responses are UTF-8, so any other `charset` is ignored, as are parameters that no format here has.

    Source: RFC 9110, section 12.5.1.
    """
    ranges = list(_ranges(accept))
    if not ranges:
        return offers[0]
    forms = frozenset(offer.form for offer in offers if offer.form)
    ranked = [(offer, *_rank(offer, ranges, forms)) for offer in offers]
    best = max(quality for _, quality, _ in ranked)
    if best <= 0:
        return None
    equal = [
        (offer, named if offer.form else min(named, _EXACT)) for offer, quality, named in ranked if quality == best
    ]
    if any(offer is not HTML and _is_named_itself(offer, ranges) for offer, _ in equal):
        equal = [(offer, named) for offer, named in equal if offer is not HTML]
    return max(equal, key=itemgetter(1))[0]


def requested_format(offers: tuple[Format, ...]) -> Format | None:
    """Return the format that the current request asks for, by ?format= or the Accept header; None where it is not offered."""
    named = request.args.get("format")
    return format_named(named, offers) if named else choose_format(read_accept(request.headers.get("Accept")), offers)


def parameters_of(accept: MIMEAccept, format_: Format) -> dict[str, str]:
    """Return the parameters of the range that names a format, the one that the client prefers; {} where none has any."""
    own = {format_.media_type, *format_.aliases}
    for value, quality in accept:
        kind, parameters = parse_options_header(value)
        if kind.strip().lower() in own and quality > 0:
            return {name.lower(): text for name, text in parameters.items()}
    return {}


def names_html(accept: MIMEAccept) -> bool:
    """Return whether the client names HTML, as browsers do, and not only accepts anything."""
    return names(accept, HTML)


def names(accept: MIMEAccept, format_: Format) -> bool:
    """Return whether the client names a format, or an alias of it, and accepts it."""
    quality, named = _rank(format_, list(_ranges(accept)), frozenset())
    return quality > 0 and named >= _LENIENT


def read_profiles(header: str | None) -> list[str]:
    """Return the profiles of an Accept-Profile header, the highest quality first; [] for none.

    Source: W3C Content Negotiation by Profile, section 7.1: `<https://schema.org/>; q=0.9, <…>`.
    """
    found = []
    for match in _PROFILE.finditer(header or ""):
        try:
            quality = float(match["quality"] or 1)
        except ValueError:
            continue
        if 0 < quality <= 1:
            found.append((quality, match["iri"]))
    return [iri for _, iri in sorted(found, key=lambda pair: -pair[0])]


def choose_coding(header: str | None, offers: Sequence[str]) -> str:
    """Return the content coding to answer with, of `offers` in the order of preference; "" for none.

    Source: RFC 9110, section 12.5.3. Without a header nothing is encoded.
    """
    if not header:
        return ""
    qualities = {coding.strip().lower(): float(quality) for coding, quality in parse_accept_header(header)}
    anything = qualities.get("*", 0.0)
    ranked = [(qualities.get(coding, anything), coding) for coding in offers]
    best = max((quality for quality, _ in ranked), default=0.0)
    if best <= 0 or qualities.get("identity", 0.0) > best:
        return ""
    return next(coding for quality, coding in ranked if quality == best)


def _ranges(accept: MIMEAccept) -> Iterator[_Range]:
    for value, quality in accept:
        kind, parameters = parse_options_header(value)
        kind = "*/*" if kind == "*" else kind.strip().lower()
        if "/" in kind:
            yield _Range(
                kind,
                float(quality),
                tuple(parameters.pop("profile", "").split()),
                parameters.pop("charset", "").lower(),
                bool(parameters),
            )


def _rank(offer: Format, ranges: list[_Range], forms: frozenset[str]) -> tuple[float, int]:
    """Return quality and closeness of an offer: the closest range that matches it counts.

    An alias counts where the client does not name the media type as which the offer would be sent.
    """
    own = _matched(offer.media_type, offer.form, ranges, forms)
    if own[1] >= _LENIENT:
        return own
    aliases = (_matched(alias, offer.form, ranges, forms) for alias in offer.aliases)
    return max(own, *(found for found in aliases if found[1] >= _LENIENT), (0.0, _UNNAMED))


def _is_named_itself(offer: Format, ranges: list[_Range]) -> bool:
    """Return whether the client names an offer by a media type of its own: XML, JSON and plain text may be anything."""
    own = {offer.media_type, *offer.aliases} - _ANYBODYS
    return any(range_.kind in own for range_ in ranges)


def _matched(media_type: str, form: str, ranges: list[_Range], forms: Iterable[str]) -> tuple[float, int]:
    matches = [
        (closeness, range_.quality) for range_ in ranges if (closeness := _closeness(media_type, form, range_, forms))
    ]
    if not matches:
        return 0.0, _UNNAMED
    closeness, quality = max(matches)
    return quality, closeness


def _closeness(media_type: str, form: str, range_: _Range, forms: Iterable[str]) -> int:
    if form:
        return _PARAMETERS if range_.kind == media_type and form in range_.forms else _UNNAMED
    if range_.kind == media_type:
        if any(form_ in forms for form_ in range_.forms):
            return _UNNAMED
        if range_.other or range_.charset not in {"", "utf-8", "utf8"}:
            return _LENIENT
        return _PARAMETERS if range_.charset or range_.forms else _EXACT
    if range_.kind == f"{media_type.partition('/')[0]}/*":
        return _RANGE
    return _ANYTHING if range_.kind == "*/*" else _UNNAMED
