"""/sitemap.xml and /robots.txt: which pages there are, for search engines.

Source: the Sitemaps protocol 0.9 (an index, and at most 50,000 addresses a file); RFC 9309.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from flask import Blueprint, Response

from lod.web.http.cache import make_answer
from lod.web.http.error_responses import fault
from lod.web.service import service

ADDRESSES_PER_FILE = 50_000

blueprint = Blueprint("sitemap", __name__)

_NAMESPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_XML = "application/xml; charset=utf-8"
_CHUNK_ROWS = 1_000
_NUMBER = re.compile(r"[1-9][0-9]{0,5}")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """List the sitemaps."""
    here = service()
    reader = here.reader()
    # Found by a look at every item, so that it is kept while the generation lives.
    kept = reader.answers.get(("sitemap", ADDRESSES_PER_FILE))
    if kept is None:
        rows = reader.catalog.latest_of_each(ADDRESSES_PER_FILE)
        base = here.settings.base_iri
        entries = "".join(_entry("sitemap", f"{base}sitemap-{n}.xml", moment) for n, moment in enumerate(rows, start=1))
        text = f'{_HEAD}<sitemapindex xmlns="{_NAMESPACE}">\n{entries}</sitemapindex>\n'
        kept = make_answer(text.encode("utf-8"), _XML)
        reader.answers.put(("sitemap", ADDRESSES_PER_FILE), kept)
    return _xml([kept.body])


@blueprint.get("/sitemap-<number>.xml")
def part(number: str) -> Response:
    """List the pages of items, with the moment in which each came to be what it is."""
    here = service()
    catalog = here.reader().catalog
    first = (int(number) - 1) * ADDRESSES_PER_FILE if _NUMBER.fullmatch(number) else -1
    if first < 0 or not catalog.items(1, first):
        return fault(404, f"There is no such sitemap. All are listed at {here.addresses.path('sitemap.xml')}")
    start, pages = f"{here.settings.base_iri}id/", f"{here.settings.base_iri}page/"

    def chunks() -> Iterator[str]:
        yield f'{_HEAD}<urlset xmlns="{_NAMESPACE}">\n'
        for offset in range(first, first + ADDRESSES_PER_FILE, _CHUNK_ROWS):
            rows = catalog.dated_items(_CHUNK_ROWS, offset)
            yield "".join(_entry("url", pages + item.removeprefix(start), moment) for item, moment in rows)
            if len(rows) < _CHUNK_ROWS:
                break
        yield "</urlset>\n"

    return _xml(chunks())


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Keep crawlers away from queries; everything else is there to be read."""
    here = service()
    closed = "".join(f"Disallow: {here.addresses.path(name)}\n" for name in ("sparql", "fragments"))
    text = f"User-agent: *\n{closed}\nSitemap: {here.settings.base_iri}sitemap.xml\n"
    return Response(text, mimetype="text/plain")


def _entry(name: str, address: str, moment: str) -> str:
    return f"<{name}><loc>{escape(address)}</loc><lastmod>{moment}</lastmod></{name}>\n"


def _xml(parts: Iterator[str] | list[bytes]) -> Response:
    response = Response(parts, content_type=_XML)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response
