"""Paging of what points at a resource: the number of a page, links between pages, their description.

Source: RFC 8288 and RFC 5005 (first, prev, next, last); Hydra Core Vocabulary, section 5.3; W3C VoID, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from lod.errors import BadValueError
from lod.rdf.claims import Triple, iri
from lod.web.http.link_header import Link
from lod.web.languages.catalogues import Said
from lod.web.reading import terms
from lod.web.reading.documents import POINTING_PER_PAGE, Document

_MOST_PAGES = 1_000_000
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_VOID = "http://rdfs.org/ns/void#"


def page_number(text: str, most: int = _MOST_PAGES) -> int:
    """Return the number in `?page=`.

    Raises:
        BadValueError: it is not a number from 1 to `most`.
    """
    is_number = text.isascii() and text.isdecimal() and len(text) <= len(str(most))
    if not is_number or not 1 <= int(text) <= most:
        raise no_page(text)
    return int(text)


def no_page(text: str) -> BadValueError:
    """Return the error for a text in `?page=` that is no number of a page."""
    return BadValueError(Said("?page=%(page)s is no page; pages are numbered from 1.", page=text[:20]))


def at_page(address: str, number: int | str) -> str:
    """Return the address of a page of a document."""
    return f"{address}{'&' if '?' in address else '?'}page={number}"


def page_links(document: Document, address: str) -> list[Link]:
    """Return the links from a page of a document to the others; none where there is one page only."""
    if document.page == 1 and not document.more:
        return []
    numbers = {
        "first": 1,
        "prev": document.page - 1 or None,
        "next": document.page + 1 if document.more else None,
        "last": document.last_page,
    }
    return [Link(at_page(address, number), relation) for relation, number in numbers.items() if number]


def describe_pages(document: Document, address: str) -> Iterator[Triple]:
    """Yield how many triples point at a resource, by property, and which page this is; nothing where there is one page only.

    `address` is the IRI of the document.
    """
    if not document.counts or (document.page == 1 and not document.more):
        return
    links, view = iri(f"{address}#links"), iri(at_page(address, document.page))
    yield iri(address), iri(f"{_VOID}subset"), links
    yield links, terms.TYPE, iri(f"{_VOID}Dataset")
    yield links, terms.TYPE, iri(f"{_HYDRA}Collection")
    yield links, iri(f"{_HYDRA}totalItems"), terms.integer(sum(document.counts.values()))
    yield links, iri(f"{_HYDRA}view"), view
    for number, (property_, count) in enumerate(document.counts.items(), start=1):
        part = iri(f"{address}#links-{number}")
        yield links, iri(f"{_VOID}propertyPartition"), part
        yield part, iri(f"{_VOID}property"), property_
        yield part, iri(f"{_VOID}triples"), terms.integer(count)
    yield view, terms.TYPE, iri(f"{_HYDRA}PartialCollectionView")
    yield view, iri(f"{_HYDRA}itemsPerPage"), terms.integer(POINTING_PER_PAGE)
    words = {"prev": "previous"}
    for link in page_links(document, address):
        yield view, iri(_HYDRA + words.get(link.rel, link.rel)), iri(link.target)
