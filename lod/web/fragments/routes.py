"""/fragments: one triple pattern at a time, page by page, for clients that evaluate queries themselves.

Evaluated in the web process by fixed look-ups, so that it is available while queries wait. Source: Triple Pattern Fragments,
unofficial draft of 2014.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote, urlencode, urlsplit

from flask import Blueprint, Response, request

from lod.dump.void_and_dcat import DATASET
from lod.errors import BadValueError
from lod.numbers import whole_number
from lod.rdf.claims import Triple, iri_text, is_iri, literal_parts
from lod.web.http.error_responses import error_response
from lod.web.http.formats import DATA_FORMATS, HTML, Format
from lod.web.http.negotiate import requested_format
from lod.web.http.responses import known_tag
from lod.web.languages.page_language import page_language
from lod.web.languages.requests import VARIES_BY, varies_by_language
from lod.web.languages.templates import render_page
from lod.web.pages.values import Shown, shown_iri, shown_literal
from lod.web.reading.paging import no_page
from lod.web.reading.pattern_pages import MOST_COUNTED, MOST_OFFSET
from lod.web.reading.triple_pattern import (
    HYDRA,
    PAGE_TRIPLES,
    POSITIONS,
    ControlAddresses,
    Pattern,
    controls,
    metadata_graph,
    read_term,
    written,
)
from lod.web.service import Service, current_service
from lod.web.view import PublishedView, live_view
from lod.web.writing.quads import write_quads

blueprint = Blueprint("fragments", __name__)

_PAGE_PARAMETER = re.compile(r"(?:^|&)page=[^&]*")
_MOST_PAGES = MOST_OFFSET // PAGE_TRIPLES
_MOST_ADDRESS_CHARACTERS = 16_384
_LOCAL_HOSTS = ("localhost", "127.", "[::1]")


@blueprint.get("/fragments")
def fragments() -> Response:
    """Serve a page of the triples that match a pattern."""
    service = current_service()
    if len(request.query_string) > _MOST_ADDRESS_CHARACTERS:
        return error_response(414, f"The pattern is longer than {_MOST_ADDRESS_CHARACTERS} characters.")
    offers = (*DATA_FORMATS, HTML)
    format_ = requested_format(offers)
    if format_ is None:
        lines = [f"{offer.media_type} (format={offer.extension})" for offer in offers]
        return error_response(
            406, "\n".join(["Fragments are not offered in the format asked for. Offered are:", *lines])
        )
    pattern: list[str | None] = []
    for position in POSITIONS:
        given = request.args.getlist(position)
        try:
            pattern.append(read_term(given[0] if given else "", service.vocabulary.prefixes))
        except BadValueError as error:
            return error_response(400, f"{position}={given[0][:200]} cannot be read: {error}.")
        if len(given) > 1:
            return error_response(400, f"'{position}' is given {len(given)} times; a pattern has one {position}.")
    text = request.args.get("page", "1")
    number = whole_number(text) if text.isascii() else None
    if not number:
        return error_response(400, str(no_page(text)))
    if number > _MOST_PAGES:
        return error_response(
            400,
            f"Pages of a fragment are served up to number {_MOST_PAGES}; this pattern has more. Ask for a narrower one, "
            f"send a query to {service.addresses.path('sparql')}, or take a dump.",
        )
    return _page(live_view(), (pattern[0], pattern[1], pattern[2]), number, format_)


def _page(view: PublishedView, pattern: Pattern, number: int, format_: Format) -> Response:
    service, reader = view.service, view.reader
    response = Response(content_type=format_.content_type)
    query = _PAGE_PARAMETER.sub("", request.query_string.decode("latin-1")).lstrip("&")
    language = page_language().key if format_ is HTML else ""
    parts = (
        language,
        service.fingerprint,
        reader.generation.name,
        reader.generation.created,
        request.host,
        query,
        str(number),
    )
    tag = hashlib.sha256("\n".join((*parts, format_.extension)).encode()).hexdigest()[:24]
    known = known_tag(tag)
    response.set_etag(known or tag)
    response.headers["Cache-Control"] = "no-cache"
    response.vary.update(("Accept", "Accept-Encoding"))
    if varies_by_language(format_.content_type):
        response.vary.add(VARIES_BY)
    if known:
        response.status_code = 304
        return response
    triples, more = reader.patterns.page(pattern, number)
    if number > 1 and not triples:
        return error_response(404, f"There is no page {number} of this fragment.")
    if format_ is HTML:
        response.set_data(_html(service, pattern, number, triples, more, reader.patterns.count(pattern)))
        return response
    at = _control_addresses(service, query, number, more)
    title = f"{service.settings.title}: {' '.join(term or '?' for term in pattern)}"
    about = controls(at, title, reader.patterns.count(pattern))
    response.set_data(
        write_quads(triples, metadata_graph(at), about, format_, {**service.vocabulary.prefixes, "hydra": HYDRA})
    )
    if more:
        response.headers["Link"] = f'<{at.following}>; rel="next"'
    return response


def _control_addresses(service: Service, query: str, number: int, more: bool) -> ControlAddresses:
    """Return the addresses in the controls. They continue the requested address, by which clients recognize their page."""
    start = _origin(service) + service.addresses.path("fragments")
    sent = quote(_NO_ESCAPE.sub("%25", query), safe=_AS_SENT)
    fragment = start + (f"?{sent}" if query else "")
    numbered = f"{fragment}{'&' if query else '?'}page="
    return ControlAddresses(
        service.settings.base_iri + DATASET,
        f"{start}{{?{','.join(POSITIONS)}}}",
        fragment,
        f"{numbered}{number}" if "page" in request.args else fragment,
        f"{numbered}1",
        f"{numbered}{number - 1}" if number > 1 else None,
        f"{numbered}{number + 1}" if more else None,
    )


_NO_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_AS_SENT = "%!$&'()*+,;=:@/?-._~"
"""Characters that a query may have (RFC 3986, section 3.4); others are escaped."""


def _origin(service: Service) -> str:
    """Return scheme and host of the addresses: those of `base_iri`, or of the request where its host is this machine."""
    if request.host.startswith(_LOCAL_HOSTS):
        return f"{request.scheme}://{request.host}"
    parts = urlsplit(service.settings.base_iri)
    return f"{parts.scheme}://{parts.netloc}"


def _html(service: Service, pattern: Pattern, number: int, triples: list[Triple], more: bool, total: int) -> str:
    parameters = {name: written(term) for name, term in zip(POSITIONS, pattern, strict=True) if term is not None}
    first = (number - 1) * PAGE_TRIPLES + 1
    path = service.addresses.path("fragments")

    def address(**others: object) -> str:
        return f"{path}?{urlencode({**parameters, **others})}"

    return render_page(
        "fragments.html",
        parameters=parameters,
        rows=[
            [_shown(service, path, name, term) for name, term in zip(POSITIONS, triple, strict=True)]
            for triple in triples
        ],
        first=first,
        last=first + len(triples) - 1,
        total=total,
        exact=total < MOST_COUNTED or not parameters,
        previous=address(page=number - 1) if number > 1 else None,
        following=address(page=number + 1) if more and number < _MOST_PAGES else None,
        formats=[(offer, address(page=number, format=offer.extension)) for offer in DATA_FORMATS],
    )


def _shown(service: Service, path: str, position: str, term: str) -> tuple[Shown, str]:
    """Return a term, and the address of the fragment that has it at the same position."""
    search = f"{path}?{urlencode({position: written(term)})}"
    if is_iri(term):
        return shown_iri(service, iri_text(term)), search
    return shown_literal(service.vocabulary, *literal_parts(term)), search
