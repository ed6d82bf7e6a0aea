"""/sitemap.xml and /robots.txt: the list of pages, for search engines.

Source: the Sitemaps protocol 0.9 (an index, and at most 50,000 addresses a file); RFC 9309.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from lod.store.item_changes import to_second
from lod.web.http.cache import Representation, make_representation
from lod.web.http.error_responses import error_response
from lod.web.http.responses import known_tag
from lod.web.service import current_service
from lod.web.view import live_view

ADDRESSES_PER_FILE = 50_000

blueprint = Blueprint("sitemap", __name__)

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XML = "application/xml; charset=utf-8"
_CHUNK_ROWS = 1_000
_CLOSED = (
    "sparql",
    "fragments",
    "search?",
    "search/facet/",
    "suggest",
    "browse/*?",
    "api/",
    "quality/records",
    "quality/rule/*?",
)
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """List the sitemaps."""
    view = live_view()

    def make() -> Representation:
        rows = view.reader.catalog.latest_of_each(ADDRESSES_PER_FILE)
        start, live = f"{view.addresses.base}sitemap", to_second(view.reader.switched)
        entries = "".join(
            _entry("sitemap", f"{start}-{n}.xml", moment or live) for n, moment in enumerate(rows, start=1)
        )
        text = f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{entries}</sitemapindex>\n'
        return make_representation(text.encode("utf-8"), _XML)

    # Made from every item of the catalog, therefore cached.
    return _xml(view.reader.responses.get_or_make(("sitemap", ADDRESSES_PER_FILE), make).body)


@blueprint.get("/sitemap-<number>.xml")
def part(number: str) -> Response:
    """List the pages of items, with the moment at which the last change of each went live."""
    view = live_view()
    catalog = view.reader.catalog
    first = (int(number) - 1) * ADDRESSES_PER_FILE if _NUMBER.fullmatch(number) else -1
    if first < 0 or not catalog.items(1, first):
        return error_response(404, f"There is no such sitemap. All are listed at {view.addresses.path('sitemap.xml')}")
    start, pages = f"{view.addresses.base}id/", f"{view.addresses.base}page/"
    live = to_second(view.reader.switched)

    def chunks() -> Iterator[str]:
        yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
        for offset in range(first, first + ADDRESSES_PER_FILE, _CHUNK_ROWS):
            rows = catalog.dated_items(_CHUNK_ROWS, offset)
            yield "".join(_entry("url", pages + item.removeprefix(start), moment or live) for item, moment in rows)
            if len(rows) < _CHUNK_ROWS:
                break
        yield "</urlset>\n"

    generation = view.reader.generation
    parts = (view.service.fingerprint, generation.name, generation.created, number)
    return _xml(chunks(), hashlib.sha256("\n".join(parts).encode()).hexdigest()[:24])


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers away from queries, and from the combinations of filters; they may read everything else."""
    service = current_service()
    closed = "".join(f"Disallow: {service.addresses.path(name)}\n" for name in _CLOSED)
    text = f"User-agent: *\n{closed}\nSitemap: {service.settings.base_iri}sitemap.xml\n"
    return Response(text, mimetype="text/plain")


def _entry(name: str, address: str, moment: str) -> str:
    return f"<{name}><loc>{escape(address)}</loc><lastmod>{moment}</lastmod></{name}>\n"


def _xml(body: Iterator[str] | bytes, tag: str = "") -> Response:
    known = known_tag(tag) if tag else None
    response = Response(status=304) if known else Response(body, content_type=_XML)
    if tag:
        response.set_etag(known or tag)
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.add("Accept-Encoding")
    return response
