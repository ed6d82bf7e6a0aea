"""What points at a resource, page by page: which page is asked for, links between pages, and their description.

Source: RFC 8288 and RFC 5005 (first, prev, next, last); Hydra Core Vocabulary, section 5.3; W3C VoID, section 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from lod.rdf.claims import XSD_NS, Term, Triple, iri, literal
from lod.web.http.link_header import Link
from lod.web.reading import terms
from lod.web.reading.documents import POINTING_PER_PAGE, Document

_MAX_PAGE = 1_000_000
_HYDRA = "http://www.w3.org/ns/hydra/core#"
_VOID = "http://rdfs.org/ns/void#"


def page_number(text: str) -> int | None:
    """Return the number in `?page=`, None where it is none."""
    if (
        not text.isascii()
        or not text.isdecimal()
        or not 1 <= int(text[:9]) <= _MAX_PAGE
        or len(text) > len(str(_MAX_PAGE))
    ):
        return None
    return int(text)


def at_page(address: str, number: int) -> str:
    """Return the address of a page of a document."""
    return f"{address}{'&' if '?' in address else '?'}page={number}"


def page_links(document: Document, address: str) -> list[Link]:
    """Return the links from a page of a document to the others; none where all is on one."""
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
    """Yield how many triples point at a resource, by property, and which page this is; nothing where all is on one.

    `address` is the IRI of the document.
    """
    if not document.counts or (document.page == 1 and not document.more):
        return
    links, view = iri(f"{address}#links"), iri(at_page(address, document.page))
    yield iri(address), iri(f"{_VOID}subset"), links
    yield links, terms.TYPE, iri(f"{_VOID}Dataset")
    yield links, terms.TYPE, iri(f"{_HYDRA}Collection")
    yield links, iri(f"{_HYDRA}totalItems"), _integer(sum(document.counts.values()))
    yield links, iri(f"{_HYDRA}view"), view
    for number, (property_, count) in enumerate(document.counts.items(), start=1):
        part = iri(f"{address}#links-{number}")
        yield links, iri(f"{_VOID}propertyPartition"), part
        yield part, iri(f"{_VOID}property"), property_
        yield part, iri(f"{_VOID}triples"), _integer(count)
    yield view, terms.TYPE, iri(f"{_HYDRA}PartialCollectionView")
    yield view, iri(f"{_HYDRA}itemsPerPage"), _integer(POINTING_PER_PAGE)
    words = {"prev": "previous"}
    for link in page_links(document, address):
        yield view, iri(_HYDRA + words.get(link.rel, link.rel)), iri(link.target)


def _integer(number: int) -> Term:
    return literal(str(number), datatype=f"{XSD_NS}integer")
